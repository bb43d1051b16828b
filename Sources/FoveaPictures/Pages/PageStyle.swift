/// What all pages look like: one file each that needs nothing from elsewhere, and no script.
enum PageStyle {
  static let common = """
    :root { color-scheme: light; --ink: #1f242b; --quiet: #5f6873; --line: #d5dae0; --accent: #1e8e5a; --page: #f4f6f8;
      --card: #fff; --faint: #e6e9ed; --wrong: #b3261e; }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 1340px; padding: 2rem 1.5rem 6rem; background: var(--page); color: var(--ink);
      font: 16px/1.5 system-ui, "Helvetica Neue", Arial, sans-serif; }
    h1 { margin: 0; font-size: 1.9rem; }
    h2 { margin: 0; font-size: 1.3rem; }
    h2 small, .facts { color: var(--quiet); font-size: 0.95rem; font-weight: normal; }
    header p, section p { margin: 0.3rem 0 0.6rem; }
    section { margin: 1.2rem 0; padding: 1.2rem 1.4rem; border: 1px solid var(--line); border-radius: 10px;
      background: var(--card); overflow-x: auto; }
    """

  /// For pages whose pictures do not bring a white ground of their own.
  static let dark = """
    @media (prefers-color-scheme: dark) {
      :root { color-scheme: dark; --ink: #e4e7eb; --quiet: #9aa4b0; --line: #39414b; --accent: #4fc38a; --page: #14171b;
        --card: #1d2228; --faint: #2b323a; --wrong: #ff8a80; }
    }
    """
}
