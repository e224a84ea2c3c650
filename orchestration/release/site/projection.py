"""Lambert's azimuthal equal-area projection of the sphere.

What belongs here: from longitude and latitude to the plane, and whether a point of the plane lies in a shape.
What does not: which part of the world is shown (maps.py), shapes (shapes/).

The projection is defined over the antimeridian and the pole alike, so shapes that cross them need no cutting.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]  # shape (n, 2)


@dataclass(frozen=True)
class Frame:
    """A window on the projected plane: its centre on the globe in degrees, its sides in earth radii.

    `x` and `y` are (least, greatest), y growing southwards as on a screen; `width` is the drawing's width in
    its own units.
    """

    longitude: float
    latitude: float
    x: tuple[float, float]
    y: tuple[float, float]
    width: int

    @property
    def scale(self) -> float:
        """Drawing units to one earth radius."""
        return self.width / (self.x[1] - self.x[0])

    @property
    def height(self) -> int:
        """The drawing's height in its own units."""
        return round((self.y[1] - self.y[0]) * self.scale)

    def project(self, degrees: Points) -> Points:
        """Longitude and latitude in degrees, (n, 2), to drawing units. Equal areas stay equal.

        Source: Snyder, Map Projections – A Working Manual (1987), equations 24-2 to 24-4, on the sphere.
        """
        east = np.radians(degrees[:, 0] - self.longitude)
        north = np.radians(degrees[:, 1])
        middle = np.radians(self.latitude)
        cosine = np.sin(middle) * np.sin(north) + np.cos(middle) * np.cos(north) * np.cos(east)
        # The antipode has no image; the bound keeps it finite, far outside every frame.
        stretch = np.sqrt(2 / np.clip(1 + cosine, 1e-9, None))
        across = stretch * np.cos(north) * np.sin(east)
        up = stretch * (np.cos(middle) * np.sin(north) - np.sin(middle) * np.cos(north) * np.cos(east))
        return np.column_stack(((across - self.x[0]) * self.scale, (-up - self.y[0]) * self.scale))

    def shows(self, drawn: Points) -> bool:
        """Whether the bounding box of projected points touches the window."""
        low, high = drawn.min(axis=0), drawn.max(axis=0)
        return bool(low[0] < self.width and high[0] > 0 and low[1] < self.height and high[1] > 0)


def ring_area(ring: Points) -> float:
    """The area of a closed ring in square units of the plane (the last point need not repeat the first)."""
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)


def inside(point: tuple[float, float], rings: list[Points]) -> bool:
    """Whether a point of the plane lies in the shape of these rings (even-odd rule, holes included)."""
    crossings = 0
    for ring in rings:
        first, second = ring, np.roll(ring, -1, axis=0)
        spans = (first[:, 1] > point[1]) != (second[:, 1] > point[1])
        a, b = first[spans], second[spans]
        cut = a[:, 0] + (point[1] - a[:, 1]) * (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1])
        crossings += int((cut > point[0]).sum())
    return crossings % 2 == 1
