"""Two models side by side: their figures, their parts on one scale, and what was changed from one to the other."""
