"""Pictures as inline SVG, one module for each. Drawn at CSS pixels, so that their letters are as large as all others.

Colours stand in the stylesheet. What nobody has told is drawn dashed, hatched or not at all, never as nothing.
"""
