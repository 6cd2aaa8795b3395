"""`make oracle`: Fedra's composer against others, and its supergraphs on another router. See docs/composition.md."""
