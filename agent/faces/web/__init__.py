"""The web page: what to look at today, products, orders and the chat, in a browser and without a network."""

from .pages import pages, web

__all__ = ["pages", "web"]
