"""Feeds: addresses that calendar programs and spreadsheets read, and the page where they are made."""
