// What a page runs after the theme's own script.
import "./a11y.js";
import "./offline.js";
import "./release.js";
import "./settle.js";
