import FoveaCore
import FoveaImage
import FoveaModel
import FoveaPipeline
import Testing

/// Pipelines that yield something else than one class, from the picture to the row.
@Suite struct ResultTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func written(
    _ pipeline: Pipeline, _ paths: [String], _ format: any RowFormat
  ) throws -> [String] {
    let writer = try RowWriter(format, like: pipeline.blankResult, top: 2, to: .file(folder("rows")))
    _ = try BatchClassifier(pipeline, settings: .init(batchSize: 2, threads: 2)).run(paths) { try writer.write($0) }
    try writer.finish()
    return try folder.text("rows").split(separator: "\n").map(String.init)
  }

  /// Black and white: the outputs are 1, 0.2, −1 and −1, 0.2, 1.
  private func pictures() throws -> [String] {
    [try folder.picture("b.png", gray: 0), folder("none.png"), try folder.picture("w.png", gray: 255)]
  }

  @Test func severalLabels() throws {
    let pipeline = try Brightness.pipeline([LabelsStep(threshold: 0.5, thresholds: ["bright": 0.25])])
    let labels = try pipeline.predict(.gray(0, width: 3, height: 4), as: Labels.self)
    #expect(labels.decided == ["dark", "medium", "bright"])
    // 1 / (1 + e^−1)
    #expect(abs(try #require(labels["dark"]).confidence - 0.7310586) < 1e-6)
    let paths = try pictures()
    let csv = try written(pipeline, paths, .csv)
    #expect(csv[0] == "path,status,labels,confidence_dark,confidence_medium,confidence_bright,reason,error,warning")
    #expect(csv[1].hasPrefix("\(paths[0]),ok,dark; medium; bright,0.7310"))
    #expect(csv[2].hasPrefix("\(paths[1]),error,,,,,missing,"))
    #expect(csv[3].hasPrefix("\(paths[2]),ok,medium; bright,0.2689"))
    let json = try written(pipeline, paths, .jsonl)
    #expect(
      json[0].hasPrefix(
        #"{"path":"\#(paths[0])","status":"ok","labels":["dark","medium","bright"],"confidence":{"dark":0.7"#))
    #expect(
      json[1].hasPrefix(
        #"{"path":"\#(paths[1])","status":"error","labels":[],"confidence":{"dark":null,"medium":null,"bright":null},"reason":"missing","error":""#
      ))
    let table = try written(pipeline, paths, .table)
    #expect(table[0].contains("  labels  ") && table[0].hasSuffix("  confidence"))
    #expect(table[1].contains("dark, medium, bright  dark 73.11 %, medium 54.98 %, bright 26.89 %"))
    #expect(table[2].contains("error"))
  }

  @Test func numbers() throws {
    let step = NumbersStep(names: ["x", "y", "z"], units: ["m", "m", "s"], scale: [10], offset: [0, 1, 5])
    let pipeline = try Brightness.pipeline([step])
    let result = try pipeline.predict(.gray(255, width: 3, height: 4), as: Numbers.self)
    for (name, expected) in [("x", -10), ("y", 3), ("z", 15)] as [(String, Float)] {
      #expect(abs(try #require(result[name]) - expected) < 1e-4)
    }
    let paths = try pictures()
    let csv = try written(pipeline, paths, .csv)
    #expect(csv[0] == "path,status,numbers_x,numbers_y,numbers_z,reason,error,warning")
    let numbers = csv[3].split(separator: ",").compactMap { Float($0) }
    #expect(zip(numbers, [-10, 3, 15] as [Float]).allSatisfy { abs($0 - $1) < 1e-4 } && numbers.count == 3)
    let table = try written(pipeline, paths, .table)
    #expect(table[1].contains("10 m") && table[1].contains("3 m") && table[1].contains("-5 s"), "\(table)")
  }

  @Test func embeddings() throws {
    let pipeline = try Brightness.pipeline([EmbeddingStep()])
    let images = try [0, 255].map { try Image.gray($0, width: 3, height: 4) }
    let results = try pipeline.results(of: images, on: WorkerPool(count: 2)).map { try #require($0 as? Embedding) }
    #expect(results.allSatisfy { abs($0.length - 1) < 1e-6 })
    // (1, 0.2, −1) and (−1, 0.2, 1): (−2 + 0.04) / 2.04
    #expect(abs(try #require(results[0].similarity(to: results[1])) + 0.9607843) < 1e-5)
    #expect(
      try written(pipeline, pictures(), .csv)[0] == "path,status,embedding1,embedding2,embedding3,reason,error,warning")
  }

  /// What a plugin might bring: a result and the step that makes it, registered like any other.
  struct Score: TaskResult {
    static let kind = "score"
    var points: Float
    var notes: [String]

    func fields(top: Int) -> [ResultField] {
      [
        ResultField("points", .number(points)), ResultField("notes", .items(notes.map { .text($0) })),
        ResultField("half", .number(points / 2), isDetail: true),
      ]
    }
  }

  struct Judge: PostprocessingStep, Configurable {
    static let kind = "judge"
    var factor: Float = 100

    func apply(_ outputs: NetworkOutputs) throws(PredictionError) -> Score {
      let value = outputs.output.values[1] * factor
      return Score(points: value.rounded(), notes: ["fair", "firm, \(outputs.output.values.count)"])
    }
  }

  @Test func aPluginBringsAResultOfItsOwn() throws {
    var registry = try Brightness.registry()
    try registry.register(Judge.self, from: .plugin(name: "Judges", version: "1"))
    var description = ModelDescription(name: "b", input: [1, 4, 3], layers: [], labels: Brightness.labels)
    description.preprocessing = [
      KindDescription(kind: "toGrayscale"),
      KindDescription(kind: "resize", configuration: ["width": 3, "height": 4]), KindDescription(kind: "scale"),
    ]
    description.postprocessing = [KindDescription(kind: "judge", configuration: ["factor": 50])]
    let pipeline = try Pipeline(description, model: Brightness.model(), registry: registry)
    let image = try Image.gray(9, width: 3, height: 4)
    #expect(try pipeline.predict(image, as: Score.self) == Score(points: 10, notes: ["fair", "firm, 3"]))
    let path = try folder.picture("p.png", gray: 9)
    #expect(
      try written(pipeline, [path], .csv) == [
        "path,status,points,notes,reason,error,half,warning", "\(path),ok,10.0,\"fair; firm, 3\",,,5.0,",
      ])
    #expect(
      try written(pipeline, [path], .jsonl) == [
        #"{"path":"\#(path)","status":"ok","points":10.0,"notes":["fair","firm, 3"],"half":5.0,"reason":null,"error":null,"warning":null}"#
      ])
    #expect(try written(pipeline, [path], .table)[1] == "\(path)      10  fair, firm, 3")
  }

  @Test func whoAsksForAnotherResultIsTold() throws {
    let labels = try Brightness.pipeline([LabelsStep()])
    let image = try Image.gray(9, width: 3, height: 4)
    #expect(throws: PipelineError.prediction(.otherResult(expected: "oneClass", got: "labels"))) {
      try labels.predict(image)
    }
    #expect(throws: PipelineError.prediction(.otherResult(expected: "numbers", got: "labels"))) {
      try labels.predict(image, as: Numbers.self)
    }
    #expect(try Brightness.pipeline().predict(image, as: Prediction.self).label == "dark")
    #expect(try Brightness.pipeline().result(of: image) as? Prediction == Brightness.pipeline().predict(image))
  }

  /// Gives what is no result.
  struct Sum: PostprocessingStep, Configurable {
    static let kind = "sum"
    func apply(_ outputs: NetworkOutputs) throws(PredictionError) -> Double { 0 }
  }

  @Test func stepsThatYieldNoResultAreAnErrorBeforeAnyPicture() throws {
    #expect(throws: PipelineError.prediction(.noResult(kind: "sum", gives: "a value 'Double'"))) {
      try Brightness.pipeline([Sum()])
    }
    #expect(throws: PipelineError.self) { try Brightness.pipeline([LabelsStep(), SoftmaxConfidence()]) }
    #expect(throws: PipelineError.prediction(.labelCount(kind: "labels", expected: 3, got: 2))) {
      try Pipeline(model: Brightness.model(), postprocessing: [LabelsStep()], labels: ["a", "b"])
    }
  }
}
