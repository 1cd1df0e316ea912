"""Dated words: notes, their index, and the screen that keeps orders in them from being followed."""
