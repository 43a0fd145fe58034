"""What the product does: the two rivers and the turn where they meet. The only writers of what happened."""
