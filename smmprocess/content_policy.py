"""What a browser may load into our pages, and where it may send their forms."""

from csp.constants import NONE, SELF

FROM_OURSELVES = {
    "default-src": [SELF],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "form-action": [SELF],
}
