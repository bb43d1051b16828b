extension EmbeddingPage {
  static let style = """
    body { max-width: none; padding: 1rem 1.2rem; }
    header { margin-bottom: 0.8rem; }
    header p { color: var(--quiet); margin: 0.2rem 0 0; }
    h1 { font-size: 1.4rem; }
    main { display: grid; grid-template-columns: minmax(0, 1fr) 22rem; gap: 1rem; height: calc(100vh - 7.5rem);
      min-height: 26rem; }
    #stage { position: relative; min-width: 0; border: 1px solid var(--line); border-radius: 10px; overflow: hidden;
      background: var(--card); }
    #plane { display: block; width: 100%; height: 100%; touch-action: none; cursor: grab; }
    #plane.dragging { cursor: grabbing; }
    #plane.drawing { cursor: crosshair; }
    #tools { position: absolute; left: 0.6rem; top: 0.6rem; display: flex; flex-wrap: wrap; gap: 0.3rem; }
    button, input { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line);
      border-radius: 6px; padding: 0.15rem 0.6rem; min-height: 2rem; }
    button { cursor: pointer; }
    button:hover { border-color: var(--ink); }
    button[aria-pressed="true"] { background: var(--ink); color: var(--card); border-color: var(--ink); }
    #hint { position: absolute; margin: 0; padding: 0.2rem 0.5rem; pointer-events: none; background: var(--ink);
      color: var(--card); border-radius: 6px; font-size: 0.85rem; max-width: 18rem; }
    aside { overflow-y: auto; min-width: 0; }
    aside p { margin: 0 0 0.6rem; }
    aside label { display: block; font-size: 0.85rem; color: var(--quiet); }
    #find { width: 100%; }
    #legend { display: flex; flex-wrap: wrap; gap: 0.25rem; max-height: 14rem; overflow-y: auto; margin-bottom: 0.6rem; }
    #legend button { font-size: 0.85rem; min-height: 1.7rem; padding: 0 0.5rem; }
    #legend i { display: inline-block; width: 0.75rem; height: 0.75rem; border-radius: 50%; margin-right: 0.35rem; }
    #legend small { color: inherit; }
    #state { color: var(--quiet); font-size: 0.9rem; }
    .card { display: flex; gap: 0.6rem; align-items: flex-start; width: 100%; text-align: left; margin-bottom: 0.25rem;
      padding: 0.25rem 0.4rem; font-size: 0.85rem; line-height: 1.3; }
    .card canvas, .large { flex: none; image-rendering: auto; background: var(--empty); border-radius: 3px; }
    .card span { min-width: 0; overflow-wrap: anywhere; }
    .large { display: block; margin-bottom: 0.4rem; image-rendering: pixelated; }
    aside h2 { font-size: 1rem; margin: 0.8rem 0 0.3rem; }
    .grid { display: flex; flex-wrap: wrap; gap: 3px; }
    .grid button { padding: 0; min-height: 0; line-height: 0; }
    @media (max-width: 800px) {
      main { display: block; height: auto; }
      #stage { height: 60vh; margin-bottom: 0.8rem; }
      aside { overflow: visible; }
      button { min-height: 2.5rem; }
    }
    @media print { #tools, #find { display: none; } main { display: block; } #stage { height: 60vh; } }
    """
}
