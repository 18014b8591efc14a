"""What keeps the screens of a room up to date: the hub, the render queue, what a drawing reads."""
