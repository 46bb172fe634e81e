"""The use cases. They receive their edges as arguments."""
