"""The build of the site: what MkDocs, KaTeX and Pyodide need, and nothing of neural networks."""
