"""The page of a mini-team's laptop or phone: plain HTML, drawn by a small script of its own."""
