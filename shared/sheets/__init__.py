"""The files people have: spreadsheets and exports of tools, read into events or into what is wrong with them."""
