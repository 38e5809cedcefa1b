// What a page runs as early as it can: its calculators, while it is still being parsed; and what has to be there before
// the theme's own script.
import "./calc-widget.js";
import "./search.js";
