"""The runs side by side: tables and plots."""
