import Foundation

/// What all pages are: one file that needs nothing from elsewhere, mostly without a script, for screens of any width, light or
/// dark, and for paper.
enum Page {
  /// - Parameters:
  ///   - head: what its head has beside the head of all, as HTML.
  ///   - style: what the page has beside the style of all.
  ///   - script: what runs behind the body; a page must say what it has to say without it, too.
  ///   - body: as HTML.
  static func document(title: String, head: String = "", style: String = "", script: String? = nil, _ body: String)
    -> String
  {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(SVGText.escape(title))</title>
    \(head)
    <style>
    \(Self.style)
    \(style)
    </style>
    </head>
    <body>
    \(body)
    \(script.map { "<script>\n\($0)\n</script>" } ?? "")
    </body>
    </html>

    """
  }

  /// A picture's bytes as an address.
  static func address(_ bytes: [UInt8], type: String) -> String {
    "data:image/\(type);base64," + Data(bytes).base64EncodedString()
  }

  /// Charts are drawn in the colors of paper. A page says them anew by what they are, so that a chart is the same by itself
  /// and here, and goes with the dark.
  private static let chartColors =
    [
      ("fill", SVGText.ink, "ink"), ("fill", SVGText.quiet, "quiet"), ("stroke", SVGText.quiet, "quiet"),
      ("stroke", SVGText.grid, "line"), ("fill", SVGText.empty, "empty"),
    ].map { "svg [\($0.0)=\"\($0.1)\"] { \($0.0): var(--\($0.2)); }" }
    + SVGText.series.enumerated().map {
      "svg [fill=\"\($0.element)\"] { fill: var(--s\($0.offset)); } svg [stroke=\"\($0.element)\"] { stroke: var(--s\($0.offset)); }"
    }

  private static func variables(_ colors: [String]) -> String {
    colors.enumerated().map { "--s\($0.offset): \($0.element);" }.joined(separator: " ")
  }

  private static let style = """
    :root { --paper: #f4f6f8; --card: #fff; --ink: #1f242b; --quiet: #5f6873; --line: #d5dae0; --empty: #f4f6f8;
      --accent: #1e8e5a; --good: #14734a; --wrong: #c4403c; --link: #0060a0; \(variables(SVGText.series)) }
    @media screen and (prefers-color-scheme: dark) {
      :root { --paper: #12161b; --card: #1b2027; --ink: #e8ebef; --quiet: #a3adb8; --line: #39414b; --empty: #242a32;
        --accent: #3fb57f; --good: #3fb57f; --wrong: #e2706c; --link: #7cc0f5; \(variables(SVGText.darkSeries)) }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0 auto; max-width: 1340px; padding: 2rem 1.5rem 6rem; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
    h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
    h2 { margin: 0 0 0.5rem; font-size: 1.3rem; }
    h2 small, .facts { color: var(--quiet); font-size: 0.95rem; font-weight: normal; }
    header p, section p { margin: 0.3rem 0 0.6rem; }
    a { color: var(--link); }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    nav { margin: 1.2rem 0; padding: 0.6rem 0; }
    nav ol { display: flex; flex-wrap: wrap; gap: 0.35rem; margin: 0; padding: 0; list-style: none; }
    nav li { position: relative; }
    nav a { display: block; padding: 0.2rem 0.6rem; border: 1px solid var(--line); border-radius: 6px;
      background: var(--card); color: inherit; text-decoration: none; line-height: 1.25; font-size: 0.85rem; }
    nav a:hover { border-color: var(--ink); }
    section { margin: 1.2rem 0; padding: 1.2rem 1.4rem; border: 1px solid var(--line); border-radius: 10px;
      background: var(--card); overflow-x: auto; scroll-margin-top: 0.5rem; }
    svg > rect[fill="#ffffff"] { fill: none; }
    svg .right { fill: var(--accent); fill-opacity: var(--share); }
    svg .wrong { fill: var(--wrong); fill-opacity: var(--share); }
    \(chartColors.joined(separator: "\n"))
    @media (max-width: 600px) {
      body { padding: 1rem 0.6rem 3rem; }
      section { padding: 0.9rem 0.8rem; }
    }
    @media print {
      body { max-width: none; padding: 0; background: none; font-size: 10pt; }
      nav { display: none; }
      section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 0.8rem 0; overflow: visible; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    """
}
