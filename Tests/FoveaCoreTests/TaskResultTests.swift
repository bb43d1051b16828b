import FoveaCore
import Testing

@Suite struct TaskResultTests {
  private func json(_ result: any TaskResult, top: Int = 5) -> String {
    ResultValue.record(result.fields(top: top)).json
  }

  private func columns(_ result: any TaskResult, top: Int = 5) -> [String] {
    result.fields(top: top).flatMap { $0.value.columns($0.name) }
  }

  private func row(_ result: any TaskResult, like example: any TaskResult) -> [String] {
    let fields = result.fields(top: 5)
    return example.fields(top: 5).enumerated().flatMap { place, field in
      field.value.cells(of: fields.value(of: field.name, at: place))
    }
  }

  @Test func oneClass() {
    let prediction = Prediction(labels: ["a", "b", "c"], scores: [0.25, 0.7, 0.05], areConfidences: true, decision: 1)
    #expect(
      json(prediction, top: 2)
        == #"{"label":"b","confidence":0.7,"top":[{"label":"b","confidence":0.7},{"label":"a","confidence":0.25}]}"#)
    #expect(
      columns(prediction, top: 2)
        == ["label", "confidence", "top1_label", "top1_confidence", "top2_label", "top2_confidence"])
    #expect(prediction.cells(top: 2).map(\.text) == ["b", "70.00 %", "a 25.00 %"])
    // A threshold may decide for a class that is not the most probable one: the others come then.
    var thresholded = prediction
    thresholded.decision = 0
    #expect(thresholded.cells(top: 2).map(\.text) == ["a", "25.00 %", "b 70.00 %"])
    #expect(thresholded.cells(top: 1).map(\.text) == ["a", "25.00 %", ""])
    var rejected = prediction
    rejected.decision = nil
    #expect(json(rejected, top: 1) == #"{"label":null,"confidence":null,"top":[{"label":"b","confidence":0.7}]}"#)
    #expect(rejected.cells(top: 1).map(\.text) == ["(rejected)", "-", "b 70.00 %"])
  }

  @Test func severalLabels() {
    let labels = Labels([
      .init("cat", confidence: 0.75), .init("dog", confidence: 0.25, threshold: 0.2), .init("bird", confidence: 0.125),
    ])
    #expect(labels.decided == ["cat", "dog"] && labels["bird"]?.isDecided == false && labels["cow"] == nil)
    #expect(json(labels) == #"{"labels":["cat","dog"],"confidence":{"cat":0.75,"dog":0.25,"bird":0.125}}"#)
    #expect(columns(labels) == ["labels", "confidence_cat", "confidence_dog", "confidence_bird"])
    #expect(row(labels, like: labels) == ["cat; dog", "0.75", "0.25", "0.125"])
    #expect(labels.cells(top: 1).map(\.text) == ["cat, dog", "cat 75.00 %, dog 25.00 %, bird 12.50 %"])
    let none = Labels([.init("cat", confidence: 0.1)])
    #expect(json(none) == #"{"labels":[],"confidence":{"cat":0.1}}"# && none.cells(top: 1)[0].text == "(none)")
  }

  @Test func numbers() {
    let numbers = Numbers([.init("age", 31.5, unit: "years"), .init("height", -0.1)])
    #expect(numbers["age"] == 31.5 && numbers["weight"] == nil)
    #expect(json(numbers) == #"{"numbers":{"age":31.5,"height":-0.1}}"#)
    #expect(columns(numbers) == ["numbers_age", "numbers_height"])
    #expect(row(numbers, like: numbers) == ["31.5", "-0.1"])
    #expect(numbers.cells(top: 1).map(\.title) == ["age", "height"])
    #expect(numbers.cells(top: 1).map(\.text) == ["31.5 years", "-0.1"])
  }

  @Test func embedding() {
    let embedding = Embedding([0.6, 0, -0.8])
    #expect(json(embedding) == #"{"embedding":[0.6,0.0,-0.8]}"#)
    #expect(columns(embedding) == ["embedding1", "embedding2", "embedding3"])
    #expect(row(embedding, like: embedding) == ["0.6", "0.0", "-0.8"])
    #expect(embedding.similarity(to: Embedding([0.6, 0, -0.8])) == 1)
    // (0.6 − 0.8) / √3
    #expect(abs((embedding.similarity(to: Embedding([1, 1, 1])) ?? 0) + 0.11547005) < 1e-6)
    #expect(embedding.similarity(to: Embedding([0, 0, 0])) == nil && embedding.similarity(to: Embedding([1])) == nil)
  }

  /// What varies in number shares a column; what is missing leaves its columns empty.
  @Test func rowsFollowTheColumnsOfTheExample() {
    struct Odd: TaskResult {
      static let kind = "odd"
      var own: [ResultField]
      func fields(top: Int) -> [ResultField] { own }
    }
    let example = Odd(own: [
      ResultField("found", .items([])), ResultField("pair", .list([.null, .null])), ResultField("flag", .flag(false)),
    ])
    #expect(columns(example) == ["found", "pair1", "pair2", "flag"])
    let full = Odd(own: [
      ResultField("found", .items([.record([ResultField("x", .number(1.5))]), .null])),
      ResultField("pair", .list([.text("a\"b"), .count(3), .count(4)])), ResultField("flag", .flag(true)),
    ])
    #expect(row(full, like: example) == [#"[{"x":1.5},null]"#, "a\"b", "3", "true"])
    #expect(json(full) == #"{"found":[{"x":1.5},null],"pair":["a\"b",3,4],"flag":true}"#)
    // In another order, and not all.
    let part = Odd(own: [ResultField("flag", .flag(true)), ResultField("pair", .list([.count(1)]))])
    #expect(row(part, like: example) == ["", "1", "", "true"])
    #expect(full.cells(top: 1).map(\.text) == ["x 1.5, -", "a\"b, 3, 4", "yes"])
  }

  @Test func whatIsNoNumberIsNullInJSON() {
    #expect(ResultValue.list([.number(.nan), .number(.infinity), .number(1e10)]).json == "[null,null,1e+10]")
  }

  @Test func blankValuesKeepTheirKeys() {
    let labels = Labels([.init("cat", confidence: 0.75)])
    let blank = labels.fields(top: 1).map { ResultField($0.name, $0.value.blank) }
    #expect(ResultValue.record(blank).json == #"{"labels":[],"confidence":{"cat":null}}"#)
  }
}
