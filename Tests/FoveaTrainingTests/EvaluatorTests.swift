import Foundation
import FoveaCore
import FoveaTraining
import Testing

@Suite struct EvaluatorTests {
  /// Decides as `decisions` say.
  private func evaluation(_ targets: [Int], _ decisions: [Int], labels: [String]) throws -> ClassEvaluation {
    var evaluator = try Evaluator(labels: labels, loss: nil, postprocessing: [])
    let rows = decisions.flatMap { decision in labels.indices.map { $0 == decision ? Float(1) : 0 } }
    try evaluator.add(Tensor(rows, [targets.count, labels.count]), targets: Targets(targets))
    return try #require(evaluator.finish().classes)
  }

  @Test func figuresOfNothingAreUndefined() throws {
    // b: no example; c: an example, never decided for; d: neither.
    let result = try evaluation([0, 0, 0, 2], [0, 0, 1, 0], labels: ["a", "b", "c", "d"])
    #expect(result.classes.map(\.precision) == [2.0 / 3, 0, nil, nil])
    #expect(result.classes.map(\.recall) == [2.0 / 3, nil, 0, nil])
    #expect(result.classes.map(\.f1) == [2.0 / 3, nil, 0, nil])
    // Means are over the classes for which there is a figure.
    #expect(result.means.precision == 1.0 / 3)
    #expect(result.means.recall == 1.0 / 3)
    #expect(result.means.f1 == 1.0 / 3)
    #expect(result.accuracy == 0.5)
  }

  @Test func withoutExamplesNoFigureIsDefined() throws {
    let result = try #require(Evaluator(labels: ["a", "b"], loss: nil, postprocessing: []).finish().classes)
    #expect(result.count == 0 && result.classes.allSatisfy { $0.recall == nil && $0.precision == nil && $0.f1 == nil })
    #expect(result.means.precision == nil && result.means.recall == nil && result.means.f1 == nil)
  }

  @Test func undefinedFiguresAreNullInJSON() throws {
    let result = try evaluation([0], [0], labels: ["a", "b"])
    let data = try JSONEncoder().encode(result)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let classes = try #require(object["classes"] as? [[String: Any]])
    #expect(classes[1]["recall"] is NSNull && classes[1]["precision"] is NSNull && classes[1]["f1"] is NSNull)
    #expect(classes[0]["recall"] as? Double == 1)
    #expect(try JSONDecoder().decode(ClassEvaluation.self, from: data) == result)
  }
}
