"""From the shapes of a page (walk.js) to one SVG without scripts, frames or anything from elsewhere."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

Shape = Mapping[str, Any]
Color = Sequence[float]

# Arial and its twins come first: the words were measured with one of them, so other computers show the same picture.
SANS = (
    "Arial,'Liberation Sans',Helvetica,'Noto Sans',sans-serif,'Apple Color Emoji','Segoe UI Emoji','Noto Color Emoji'"
)
MONO = "'Liberation Mono',ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace"
NAMESPACE = "http://www.w3.org/2000/svg"
ROLE = 'role="img" aria-labelledby="title about"'
LINES = ".i{fill:none;stroke-linecap:round;stroke-linejoin:round}"


def number(value: float) -> str:
    """To a tenth, as short as it can be written."""
    return f"{round(value, 1) + 0.0:g}"  # adding zero takes the sign of a negative zero away


def attributes(**values: Any) -> str:
    """XML attributes; None is left out, numbers are rounded, the underscore of a name becomes a hyphen."""
    said = {name: number(value) if isinstance(value, float | int) else value for name, value in values.items()}
    return "".join(f" {name.replace('_', '-')}={quoteattr(value)}" for name, value in said.items() if value is not None)


def paint(name: str, color: Color, opacity: float = 1) -> dict[str, str | None]:
    """A fill or a stroke."""
    red, green, blue, alpha = color
    said = f"#{round(red):02x}{round(green):02x}{round(blue):02x}"
    short = f"#{said[1]}{said[3]}{said[5]}" if said[1::2] == said[2::2] else said
    seen = alpha * opacity
    return {name: short, f"{name}_opacity": None if seen > 0.995 else f"{seen:.2f}".lstrip("0")}


def outline(x: float, y: float, width: float, height: float, radii: Sequence[float]) -> str:
    """The element for a box, still open: a rectangle, or a path where the corners differ."""
    if len(set(radii)) == 1:
        return f"<rect{attributes(x=x, y=y, width=width, height=height, rx=radii[0] or None)}"
    a, b, c, d = radii
    way = [f"M{number(x + a)} {number(y)}H{number(x + width - b)}", arc(b, b, b), f"V{number(y + height - c)}"]
    way += [arc(c, -c, c), f"H{number(x + d)}", arc(d, -d, -d), f"V{number(y + a)}", arc(a, a, -a)]
    return f"<path{attributes(d=''.join(way) + 'z')}"


def arc(radius: float, right: float, down: float) -> str:
    """A quarter of a circle, clockwise."""
    return f"a{number(radius)} {number(radius)} 0 0 1 {number(right)} {number(down)}" if radius else ""


def whole(page: Shape, drawing: "Drawing", title: str, description: str) -> str:
    """The SVG of a page, with words for those who cannot see it."""
    body = list(drawing.lines(page["items"]))
    width, height = number(page["width"]), number(page["height"])
    head = [
        f'<svg xmlns="{NAMESPACE}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" {ROLE}>',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="about">{escape(description)}</desc>',
    ]
    return "\n".join([*head, *drawing.definitions(), *body, "</svg>", ""])


@dataclass(slots=True)
class Drawing:
    """Writes shape after shape. `picture(source)` gives the view box and the content of an SVG that the page shows."""

    picture: Callable[[str], tuple[str, str]]
    kinds: dict[str, str] = field(default_factory=dict)  # how a text looks → its class
    shades: dict[str, str] = field(default_factory=dict)  # a gradient's geometry and colours → its id
    clips: dict[str, str] = field(default_factory=dict)  # a clip's outline → its id

    def lines(self, shapes: Sequence[Shape]) -> Iterator[str]:
        """The elements, one a line."""
        draw = {"box": self._box, "text": self._text, "path": self._path, "image": self._image, "group": self._group}
        for shape in shapes:
            yield from draw[shape["kind"]](shape)

    def definitions(self) -> Iterator[str]:
        """What the elements refer to; complete once all of them were drawn."""
        looks = "".join(f".{name}{{{look}}}" for look, name in self.kinds.items())
        yield f"<style>text{{font-family:{SANS}}}{LINES}{looks}</style>"
        yield "<defs>"
        for shade, name in self.shades.items():
            yield f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse"{shade}</linearGradient>'
        for clip, name in self.clips.items():
            yield f'<clipPath id="{name}">{clip}/></clipPath>'
        yield "</defs>"

    def _box(self, box: Shape) -> Iterator[str]:
        fill = {"fill": f"url(#{self._shade(box)})"} if box["gradient"] else paint("fill", box["fill"], box["opacity"])
        filled = bool(box["gradient"] or box["fill"][3])
        edge = box["borders"][0] if box["borders"] else None
        if edge and edge["width"] and edge["color"][3] and all(one == edge for one in box["borders"]):
            stroke = paint("stroke", edge["color"], box["opacity"])
            stroke |= {"stroke_width": None if edge["width"] == 1 else number(edge["width"])}
            inner = outline(*_shrunk(box, edge["width"] / 2))
            yield f"{inner}{attributes(**(fill if filled else {'fill': 'none'}), **stroke)}/>"
            return
        if filled:
            yield f"{outline(*_shrunk(box, 0))}{attributes(**fill)}/>"
        for side, color in _sides(box):
            yield f"{outline(*side, [0])}{attributes(**paint('fill', color, box['opacity']))}/>"

    def _shade(self, box: Shape) -> str:
        x, y, width, height = (box[name] for name in ("x", "y", "width", "height"))
        angle = math.radians(box["gradient"]["angle"])
        right, down = math.sin(angle), -math.cos(angle)
        half = (abs(width * right) + abs(height * down)) / 2
        middle, centre, colors = x + width / 2, y + height / 2, box["gradient"]["colors"]
        ends = attributes(
            x1=middle - half * right, y1=centre - half * down, x2=middle + half * right, y2=centre + half * down
        )
        stops = "".join(
            f"<stop{attributes(offset=f'{index / (len(colors) - 1):g}', **paint('stop_color', color))}/>"
            for index, color in enumerate(colors)
        )
        return self.shades.setdefault(f"{ends}>{stops}", f"g{len(self.shades)}")

    def _text(self, text: Shape) -> Iterator[str]:
        look = {"font-size": f"{number(text['size'])}px", "font-weight": "700" if text["weight"] >= 600 else None}
        look |= {"font-style": "italic" if text["italic"] else None, "font-family": MONO if text["mono"] else None}
        look |= {name.replace("_", "-"): value for name, value in paint("fill", text["fill"], text["opacity"]).items()}
        said = ";".join(f"{name}:{value}" for name, value in look.items() if value)
        name = self.kinds.setdefault(said, f"t{len(self.kinds)}")
        fits = None if text["alone"] else text["width"]
        stretch = "spacingAndGlyphs" if fits else None
        place = attributes(x=text["x"], y=text["y"], textLength=fits, lengthAdjust=stretch)
        words = re.sub("  +", lambda gap: "\u00a0" * len(gap[0]), text["text"])  # XML would make one space of many
        yield f'<text class="{name}"{place}>{escape(words)}</text>'

    def _path(self, path: Shape) -> Iterator[str]:
        x, y = path["move"]
        scale = "" if path["scale"] == 1 else f" scale({path['scale']:.3g})"
        place = attributes(transform=f"translate({number(x)} {number(y)}){scale}", stroke_width=path["width"])
        line = attributes(**paint("stroke", path["stroke"], path["opacity"]))
        yield f'<path class="i"{attributes(d=path["d"])}{place}{line}/>'

    def _image(self, image: Shape) -> Iterator[str]:
        view, content = self.picture(image["source"])
        place = attributes(x=image["x"], y=image["y"], width=image["width"], height=image["height"], viewBox=view)
        yield f"<svg{place}>{content}</svg>"

    def _group(self, group: Shape) -> Iterator[str]:
        clip = group["clip"]
        shape = outline(clip["x"], clip["y"], clip["width"], clip["height"], clip["radii"])
        name = self.clips.setdefault(shape, f"c{len(self.clips)}")
        yield f'<g clip-path="url(#{name})">'
        yield from self.lines(group["items"])
        yield "</g>"


def _shrunk(box: Shape, by: float) -> tuple[float, float, float, float, list[float]]:
    radii = [max(0, radius - by) for radius in box["radii"]]
    return box["x"] + by, box["y"] + by, box["width"] - 2 * by, box["height"] - 2 * by, radii


def _sides(box: Shape) -> Iterator[tuple[tuple[float, float, float, float], Color]]:
    """The borders that can be seen, each as a rectangle."""
    x, y, width, height = (box[name] for name in ("x", "y", "width", "height"))
    for side, border in zip(("top", "right", "bottom", "left"), box["borders"], strict=False):
        thick = border["width"]
        rectangles = {
            "top": (x, y, width, thick),
            "right": (x + width - thick, y, thick, height),
            "bottom": (x, y + height - thick, width, thick),
            "left": (x, y, thick, height),
        }
        if thick and border["color"][3]:
            yield rectangles[side], border["color"]
