"""How values are said: money, shares, days, sides, where numbers come from."""
