"""What pages share, and what they need of Streamlit beyond its documents."""
