import Foundation
import FoveaPictures
import FoveaPipeline
import Testing

@Suite struct ChartTests {
  /// The values of one attribute of all elements of a kind, in order.
  private func attributes(_ name: String, of element: String, in svg: String) -> [String] {
    svg.split(separator: "<\(element) ", omittingEmptySubsequences: false).dropFirst().compactMap { piece in
      guard let start = piece.range(of: "\(name)=\"") else { return nil }
      return String(piece[start.upperBound...].prefix { $0 != "\"" })
    }
  }

  @Test func aCurveGoesThroughItsPoints() {
    let curve = LearningCurve(
      title: "a < b", series: [.init("training", perPass: [10, 5, 0]), .init("test", perPass: [10, .nan, 2, 2])])
    let svg = curve.svg
    // The plot reaches from 76 to 560 across and from 396 up to 56, which is 10 %.
    #expect(attributes("points", of: "polyline", in: svg) == ["76,56 237.3,226 398.7,396", "398.7,328 560,328"])
    #expect(svg.contains("a &lt; b") && svg.contains(">training<") && svg.contains(">error rate (%)<"))
    #expect(svg.contains(">last: 2<"))
    #expect(!svg.contains("<script") && !svg.contains("href"))
  }

  @Test func namesOfStrangersLeaveThePictureValid() {
    let svg = LearningCurve(title: "a\u{1B}[2J\u{1}<b>\u{FFFF}", series: [.init("s\n\"", perPass: [7, 5])]).svg
    #expect(svg.contains("a\\x1B[2J\\x01&lt;b&gt;") && svg.contains("s\\x0A&quot;"))
    #expect(svg.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0xFFFF || $0 == "\n" })
  }

  @Test func twoPassesHaveTwoTicks() {
    let svg = LearningCurve(title: "t", series: [.init("s", perPass: [7, 5])]).svg
    #expect(svg.contains(">1<") && svg.contains(">2<") && !svg.contains(">1.2<") && !svg.contains(">1.0<"))
  }

  @Test(arguments: [[], [.nan], [3], [0, 0, 0], [1e-9, 2e-9], [-1, 1e12]] as [[Double]])
  func everySeriesGivesAPicture(values: [Double]) throws {
    let svg = LearningCurve(title: "t", series: [.init("s", perPass: values)]).svg
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    let finite = values.filter(\.isFinite)
    #expect(attributes("cx", of: "circle", in: svg).count == finite.count)
    for y in attributes("cy", of: "circle", in: svg) { #expect((56...396).contains(try #require(Double(y)))) }
  }

  @Test func aConfusionMatrixHasASquareForEachPair() {
    let matrix = ConfusionMatrix(title: "t", labels: ["cat", "dog & wolf"], counts: [[7, 0], [1, 3]])
    let squares = attributes("fill", of: "rect", in: matrix.svg)
    // The sheet, then row by row: all right, none, a quarter wrong (its root is a half), three quarters right.
    #expect(squares == ["#ffffff", "rgb(30,142,90)", "#f4f6f8", "rgb(226,160,158)", "rgb(86,170,131)"])
    #expect(!matrix.svg.contains(">–<"))
    #expect(matrix.svg.contains(">7<") && matrix.svg.contains(">3<") && matrix.svg.contains("dog &amp; wolf"))
  }

  @Test func aClassWithoutExamplesHasADash() {
    let svg = ConfusionMatrix(title: "t", labels: ["a", "b"], counts: [[2, 1], [0, 0]]).svg
    #expect(svg.split(separator: ">–<", omittingEmptySubsequences: false).count == 2)
  }
}
