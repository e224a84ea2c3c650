"""The fonts of charts, maps, PDF and site, and the script that derives them."""

FAMILY = "Circularity Sans"
