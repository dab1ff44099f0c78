"""Search as you type: what the fields of forms offer while somebody types into them."""

from handlers.suggesting.suggester import Suggester

__all__ = ["Suggester"]
