import FoveaImage
import Testing

@Suite struct GlobTests {
  @Test(arguments: [
    ("*.jpg", "a.jpg", true), ("*.jpg", "b/c/a.jpg", true), ("*.jpg", "a.JPG", false), ("*.jpg", "a.jpg/b.png", false),
    ("b/*.jpg", "b/a.jpg", true), ("b/*.jpg", "c/b/a.jpg", false), ("b/*.jpg", "b/c/a.jpg", false),
    ("/a.jpg", "a.jpg", true), ("**/a.jpg", "a.jpg", true), ("**/a.jpg", "b/c/a.jpg", true),
    ("b/**/a.jpg", "b/a.jpg", true), ("b/**/a.jpg", "b/c/d/a.jpg", true), ("b/**/a.jpg", "c/a.jpg", false),
    ("b/**", "b/c/a.jpg", true), ("**/x/**/y/*", "a/x/b/x/c/y/d", true), ("**/x/**/y/*", "a/x/b/x/c/d", false),
    ("[ab]?.png", "b1.png", true), ("[!ab]?.png", "b1.png", false), ("cache/", "d/cache", true), ("**", "a/b", true),
  ])
  func matchesAsItsRuleSays(pattern: String, path: String, isMatch: Bool) {
    #expect(Glob(pattern).matches(Array(path.utf8)[...]) == isMatch, "\(pattern) \(path)")
  }

  /// Patterns and names that make naive matchers try for years.
  @Test func manyStarsEndSoon() {
    let path = Array(String(repeating: "a/", count: 2000).utf8) + [UInt8(ascii: "b")]
    let pattern = String(repeating: "**/a/", count: 200) + "c"
    #expect(!Glob(pattern).matches(path[...]))
  }

  @Test func filesInsideOfLeftOutFoldersAreNoMembers() {
    let filter = PathFilter(including: ["*.png"], excluding: ["raw"])
    #expect(filter.takesMember(Array("a/b.png".utf8)[...]))
    #expect(!filter.takesMember(Array("raw/b.png".utf8)[...]) && !filter.takesMember(Array("a/b.jpg".utf8)[...]))
  }
}
