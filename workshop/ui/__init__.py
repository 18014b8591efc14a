"""What the pages share with the browser."""
