# ruff: noqa: INP001  (a script to run, not a package)
"""Draws the two icons of the Teams app: `python manifests/teams/draw_icons.py`.

The mark is a beacon (a "baak") in a speech bubble. Teams wants the colour icon 192 x 192 and filled
to its edges, and the outline icon 32 x 32, white and transparent only. Both are drawn large and
made smaller, so that their edges are smooth.
"""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).parent
PETROL, WHITE, AMBER = "#0b5566", "#ffffff", "#f2a516"
# The colour icon holds 64 units and the outline icon 32; a unit is drawn this many pixels wide.
COLOUR_SIZE, COLOUR_UNITS, OUTLINE_SIZE, OUTLINE_UNITS = 192, 64, 32, 32
FINE = 24

Points = list[tuple[float, float]]


class Pen:
    """Draws shapes in units, on a canvas of one colour."""

    def __init__(self, units: int, mode: str, ground: str | int) -> None:
        self.picture = Image.new(mode, (units * FINE, units * FINE), ground)
        self.draw = ImageDraw.Draw(self.picture)

    def box(self, corners: Points, ink: str | int, radius: float = 0) -> None:
        flat = [FINE * number for corner in corners for number in corner]
        self.draw.rounded_rectangle(
            (flat[0], flat[1], flat[2] - 1, flat[3] - 1), round(radius * FINE), fill=ink
        )

    def shape(self, corners: Points, ink: str | int) -> None:
        self.draw.polygon([(x * FINE, y * FINE) for x, y in corners], fill=ink)


def colour() -> Image.Image:
    """Draw a white bubble on petrol; in it the beacon, whose light is amber."""
    pen = Pen(COLOUR_UNITS, "RGB", PETROL)
    pen.box([(9, 9), (55, 47)], WHITE, 9)
    pen.shape([(15, 44), (29, 44), (15, 57)], WHITE)
    pen.shape([(29, 19), (14, 14), (14, 24)], AMBER)
    pen.shape([(35, 19), (50, 14), (50, 24)], AMBER)
    pen.shape([(27.5, 15.5), (32, 11.5), (36.5, 15.5)], PETROL)
    pen.box([(29, 16.5), (35, 22)], AMBER, 0.6)
    pen.box([(26, 23), (38, 25)], PETROL, 1)
    pen.shape([(28, 26), (36, 26), (38.6, 43), (25.4, 43)], PETROL)
    pen.shape([(27.2, 31.5), (36.8, 31.5), (37.35, 35), (26.65, 35)], WHITE)
    return pen.picture.resize((COLOUR_SIZE, COLOUR_SIZE), Image.Resampling.BOX)


def outline() -> Image.Image:
    """Draw the same with a white line; what is not drawn is transparent."""
    pen = Pen(OUTLINE_UNITS, "L", 0)
    pen.box([(1, 2), (31, 26)], 255, 5)
    pen.shape([(5, 24), (14.5, 24), (5, 32)], 255)
    pen.box([(3, 4), (29, 24)], 0, 3)
    pen.shape([(7, 23), (11.5, 23), (7, 28)], 0)
    pen.shape([(13, 9), (5, 7), (5, 11)], 255)
    pen.shape([(19, 9), (27, 7), (27, 11)], 255)
    pen.shape([(13, 8), (16, 5), (19, 8)], 255)
    pen.box([(14, 8), (18, 10)], 255)
    pen.box([(12, 10), (20, 12)], 255)
    pen.shape([(14, 12), (18, 12), (20, 23), (12, 23)], 255)
    pen.box([(12, 15), (20, 17)], 0)
    mask = pen.picture.resize((OUTLINE_SIZE, OUTLINE_SIZE), Image.Resampling.BOX)
    white = Image.new("RGBA", mask.size, WHITE)
    white.putalpha(mask)
    return white


if __name__ == "__main__":
    colour().save(FOLDER / "color.png", optimize=True)
    outline().save(FOLDER / "outline.png", optimize=True)
