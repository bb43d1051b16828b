import Foundation
import FoveaCore
import FoveaData
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// A run that was cut at any event and goes on from its saved state ends, bit for bit, as one that was not.
@Suite struct TrainingStateTests {
  /// The trainings that are cut, by what is particular about them.
  static let trainings: [String: @Sendable () -> SmallTraining] = [
    "adam, dropout, augmentation, batch normalization": {
      var training = SmallTraining()
      training.layers = [
        Convolution.layer(filters: 4, kernel: 3), BatchNormalization.layer(), Relu.layer(), Flatten.layer(),
        Dropout.layer { $0.rate = 0.3 }, Dense.layer("output", units: 2),
      ]
      training.recipe.augmentation = AugmentationDescription(.handwriting)
      return training
    },
    "pictures cut out, examples mixed": {
      var training = SmallTraining()
      training.recipe.augmentation = AugmentationDescription([
        KindDescription(kind: "randomResizedCrop", configuration: ["width": 6, "height": 6]),
        KindDescription(kind: "trivialAugment"),
      ])
      training.recipe.batchAugmentation = KindDescriptions(
        ["mixup", "cutMix", "labelSmoothing"].map { KindDescription(kind: $0) })
      training.training.count = 150
      training.recipe.epochs = 2
      return training
    },
    "momentum, judged by both parts, a schedule": {
      var training = SmallTraining()
      training.layers.insert(Dropout.layer(), at: 2)
      training.recipe.optimizer = KindDescription(kind: "sgd", configuration: ["momentum": 0.8, "learningRate": 0.1])
      training.recipe.schedule = ScheduleDescription([
        .init(epochs: 1, learningRate: 0.2), .init(epochs: 1, learningRate: 0.05),
      ])
      training.recipe.evaluatesTrainingData = true
      training.recipe.batchSize = 7
      return training
    },
    "descent without memory, one thread": {
      var training = SmallTraining()
      training.recipe.optimizer = KindDescription(kind: "sgd", configuration: ["momentum": 0])
      training.settings.threads = 1
      return training
    },
    "adam by kernels": {
      var training = SmallTraining()
      training.settings.parallelism = .kernels
      return training
    },
    "on-line, images left out": {
      var training = SmallTraining()
      training.recipe.batchSize = 1
      training.recipe.augmentation = AugmentationDescription(.handwriting)
      training.layers.insert(Dropout.layer { $0.rate = 0.2 }, at: 3)
      training.training = SmallTraining.Source(count: 150, failing: [2, 77, 149])
      training.validation?.failing = [4]
      training.settings.failurePolicy = .skip
      training.recipe.epochs = 2
      return training
    },
    "all that a recipe may say at once": {
      var training = SmallTraining()
      training.layers = [
        Convolution.layer(filters: 4, kernel: 3), BatchNormalization.layer(), Relu.layer(), Flatten.layer(),
        Dense.layer("output", units: 2),
      ]
      training.recipe.optimizer = KindDescription(kind: "adamw")
      training.recipe.schedule = ScheduleDescription([
        KindDescription(WarmUpSchedule(epochs: 0.5)), KindDescription(CosineSchedule(lowest: 0.1)),
        KindDescription(PlateauSchedule()),
      ])
      (training.recipe.batchSize, training.recipe.accumulation) = (5, 3)
      training.recipe.clipping = Nested(GradientClipping(norm: 0.5, value: 0.2))
      training.recipe.averaging = Nested(WeightAveraging(decay: 0.9))
      training.recipe.classWeights = .given(["lying": 3])
      training.recipe.sampling = .balanced
      training.recipe.watch = "accuracy"
      training.recipe.restoresBest = true
      return training
    },
    "counted steps, Nesterov": {
      var training = SmallTraining()
      (training.recipe.stepsPerEpoch, training.recipe.validationSteps) = (4, 1)
      training.recipe.batchSize = 7
      training.recipe.optimizer = KindDescription(kind: "sgd", configuration: ["nesterov": true])
      training.recipe.schedule = ScheduleDescription(KindDescription(kind: "oneCycle"))
      return training
    },
    "frozen layers": {
      var training = SmallTraining()
      training.layers = [
        Convolution.layer(filters: 4, kernel: 3), BatchNormalization.layer("frozen"), Relu.layer(), Flatten.layer(),
        Dropout.layer(), Dense.layer("output", units: 2),
      ]
      training.recipe.freeze = "frozen"
      training.recipe.restoresBest = true
      return training
    },
    "lion": {
      var training = SmallTraining()
      training.recipe.optimizer = KindDescription(kind: "lion", configuration: ["weightDecay": 0.1])
      return training
    },
    "rmsprop with momentum": {
      var training = SmallTraining()
      training.recipe.optimizer = KindDescription(kind: "rmsprop", configuration: ["momentum": 0.5])
      return training
    },
    "on-line, second derivatives": {
      var training = SmallTraining()
      training.layers = [
        Flatten.layer(), Dense.layer("hidden", units: 5), Tanh.layer(), Dense.layer("output", units: 2),
      ]
      training.loss = KindDescription(kind: "meanSquaredError")
      training.recipe.batchSize = 1
      training.recipe.optimizer = KindDescription(
        kind: "diagonalLevenbergMarquardt", configuration: ["patterns": 20, "learningRate": 0.01])
      return training
    },
  ]

  private static func training(_ name: String) throws -> SmallTraining {
    let make = try #require(trainings[name])
    return make()
  }

  /// Goes on until so many things have happened.
  private static func advance(_ run: inout TrainingRun, by events: Int) throws {
    for _ in 0..<events { _ = try run.next() }
  }

  /// All that a run has come to: weights, memories, running statistics and the figures without times.
  private static func outcome(_ run: TrainingRun, _ folder: TemporaryPath) throws -> [String: [UInt32]] {
    let path = folder.unique()
    try run.state.write(to: path)
    var numbers = try SafeTensors(contentsOf: path).tensors.mapValues { $0.elements.map(\.bitPattern) }
    numbers["figures"] = run.history.flatMap { pass in
      [pass.loss, pass.learningRate, pass.trainingAccuracy, pass.validationLoss, pass.validationAccuracy].flatMap {
        [UInt32(truncatingIfNeeded: ($0 ?? -1).bitPattern >> 32), UInt32(truncatingIfNeeded: ($0 ?? -1).bitPattern)]
      }
    }
    return numbers
  }

  @Test(arguments: trainings.keys.sorted()) func goesOnAsIfNothingHadBeen(_ name: String) throws {
    let training = try Self.training(name)
    let folder = try TemporaryPath()
    var whole = try training.run()
    var count = 0
    while try whole.next() != nil { count += 1 }
    let expected = try Self.outcome(whole, folder)
    #expect(expected.count > 2 && whole.history.count == training.recipe.epochs)
    // All of them where there are few, and otherwise also the edges.
    let step = max(1, count / 24)
    let cuts = Set(stride(from: 0, through: count, by: step)).union([1, 2, 3, count - 1, count])
    for cut in cuts.sorted() {
      var first = try training.run()
      try Self.advance(&first, by: cut)
      let path = folder.unique()
      try first.state.write(to: path)
      var second = try training.run()
      try second.restore(TrainingState(contentsOf: path))
      #expect(second.steps == first.steps && second.history == first.history)
      try second.run()
      #expect(try Self.outcome(second, folder) == expected, "\(name), cut after \(cut) of \(count)")
      #expect(Set(second.failures) == Set(whole.failures))
    }
  }

  /// Again and again, each time after a few steps more.
  @Test func manyCutsInOneTraining() throws {
    let training = try Self.training("adam, dropout, augmentation, batch normalization")
    let folder = try TemporaryPath()
    var whole = try training.run()
    try whole.run()
    let path = folder.unique()
    var run = try training.run()
    while run.end == nil {
      try Self.advance(&run, by: 3)
      try run.state.write(to: path)
      if run.end != nil { break }
      run = try training.run()
      try run.restore(TrainingState(contentsOf: path))
    }
    #expect(try Self.outcome(run, folder) == Self.outcome(whole, folder))
  }

  /// What a check before the first step has left out is left out again, and is not looked for.
  @Test func remembersWhatWasLeftOut() throws {
    var training = try Self.training("on-line, images left out")
    training.recipe.epochs = 1
    let folder = try TemporaryPath()
    var whole = try training.run()
    try whole.checkImages()
    try Self.advance(&whole, by: 70)
    let path = folder.unique()
    try whole.state.write(to: path)
    var resumed = try training.run()
    try resumed.restore(TrainingState(contentsOf: path))
    #expect(resumed.training.count == 147 && resumed.validation?.count == 9)
    try whole.run()
    try resumed.run()
    #expect(resumed.failures.isEmpty && resumed.record.leftOutCount == 4)
    #expect(try Self.outcome(resumed, folder) == Self.outcome(whole, folder))
  }

  /// A run that stopped early goes on where it stopped.
  @Test func goesOnAfterAStop() throws {
    let folder = try TemporaryPath()
    var (whole, stopped) = (try SmallTraining().run(), try SmallTraining().run())
    try whole.run()
    try Self.advance(&stopped, by: 8)
    stopped.stop("enough")
    try stopped.run()
    let path = folder.unique()
    try stopped.state.write(to: path)
    var resumed = try SmallTraining().run()
    try resumed.restore(TrainingState(contentsOf: path))
    try resumed.run()
    #expect(resumed.end == .completed)
    #expect(try Self.outcome(resumed, folder) == Self.outcome(whole, folder))
  }

  /// A run that early stopping has ended goes on with more patience, and one that is done with more passes, as if they had had
  /// these from the start.
  @Test func goesOnWithMorePasses() throws {
    let folder = try TemporaryPath()
    var training = SmallTraining()
    training.recipe.optimizer = KindDescription(kind: "sgd", configuration: ["learningRate": 3, "momentum": 0.95])
    training.recipe.restoresBest = true
    training.recipe.epochs = 12
    var whole = try training.run()
    try whole.run()
    let changes: [(inout Recipe) -> Void] = [
      { $0.epochs = 4 }, { $0.earlyStopping = Nested(EarlyStopping(patience: 2)) },
    ]
    for change in changes {
      var shorter = training
      change(&shorter.recipe)
      var first = try shorter.run()
      try first.run()
      #expect(first.history.count < 12)
      let path = folder.unique()
      try first.state.write(to: path)
      var second = try training.run()
      #expect(throws: TrainingStateError.self) { try second.restore(TrainingState(contentsOf: path)) }
      try second.restore(TrainingState(contentsOf: path), continuing: true)
      #expect(second.history == first.history)
      try second.run()
      #expect(try Self.outcome(second, folder) == Self.outcome(whole, folder))
    }
  }

  /// Where the rates of the passes that are done would have been others, it cannot go on as if it had been so.
  @Test func ratesThatGoByThePassesDoNotGoOn() throws {
    var training = SmallTraining()
    training.recipe.schedule = ScheduleDescription(KindDescription(kind: "cosine"))
    var first = try training.run()
    try first.run()
    training.recipe.epochs = 4
    var second = try training.run()
    let error = #expect(throws: TrainingStateError.self) { try second.restore(first.state, continuing: true) }
    let words = "recipe.epochs, by which the schedule's rates go, is 3, but here it is 4"
    #expect(error?.description.contains(words) == true)
  }

  @Test func checkpointsAreWrittenAfterEachPassAndBetween() throws {
    let folder = try TemporaryPath()
    let (seldom, often) = (folder.unique(), folder.unique())
    var whole = try SmallTraining().run()
    try whole.run(observers: [Checkpoints(to: seldom, interval: .seconds(3600))])
    #expect(try TrainingState(contentsOf: seldom).passes == 3)
    var cut = try SmallTraining().run()
    let checkpoints = Checkpoints(to: often, interval: .zero)
    for _ in 0..<4 {
      guard let event = try cut.next() else { break }
      _ = try checkpoints.observe(event, of: cut)
    }
    let state = try TrainingState(contentsOf: often)
    #expect(state.passes == 0 && state.steps == 2)
  }

  // MARK: What does not go together

  static let changes: [(what: String, change: @Sendable (inout SmallTraining) -> Void)] = [
    ("seed is 5, but here it is 6", { $0.settings.seed = 6 }),
    ("parts is 2, but here it is 3", { $0.settings.threads = 3 }),
    ("recipe.batchSize is 16, but here it is 8", { $0.recipe.batchSize = 8 }),
    ("recipe.epochs is 3, but here it is 4", { $0.recipe.epochs = 4 }),
    ("recipe.optimizer.beta1", { $0.recipe.optimizer.configuration["beta1"] = 0.8 }),
    ("recipe.optimizer.", { $0.recipe.optimizer = KindDescription(kind: "sgd") }),
    ("recipe.augmentation", { $0.recipe.augmentation = AugmentationDescription(.handwriting) }),
    ("model.layers[1].units is 6, but here it is 7", { $0.layers[1] = Dense.layer("hidden", units: 7) }),
    ("model.layers[2].kind is tanh, but here it is relu", { $0.layers[2] = Relu.layer("tanh1") }),
    ("model.loss.kind", { $0.loss = KindDescription(kind: "meanSquaredError") }),
    ("training data.count is 40, but here it is 39", { $0.training.count = 39 }),
    ("training data.names and targets (checksum)", { $0.training.prefix = "x" }),
    ("validation data is {", { $0.validation = nil }),
    ("validation data.names and targets (checksum)", { $0.validation?.prefix = "x" }),
  ]

  @Test(arguments: changes.indices) func anotherTrainingIsRefused(_ index: Int) throws {
    let (what, change) = Self.changes[index]
    var first = try SmallTraining().run()
    try Self.advance(&first, by: 4)
    let state = try first.state
    var training = SmallTraining()
    change(&training)
    var other = try training.run()
    let before = other.model.namedParameters.map(\.tensor)
    let error = #expect(throws: TrainingStateError.self) { try other.restore(state) }
    guard case .mismatch = error else {
      Issue.record("\(error.map { "\($0)" } ?? "nothing") was thrown")
      return
    }
    #expect(error?.description.contains("its \(what)") == true, "\(error?.description ?? "")")
    #expect(other.model.namedParameters.map(\.tensor) == before && other.steps == 0)
  }

  @Test func aFolderThatWasMovedIsTheSameData() throws {
    var first = try SmallTraining().run()
    try Self.advance(&first, by: 4)
    var training = SmallTraining()
    training.training.name = "/elsewhere/bars"
    var moved = try training.run()
    try moved.restore(first.state)
    #expect(moved.steps == 2)
  }

  @Test func threadsCountWhereTheyShareKernels() throws {
    let training = try Self.training("adam by kernels")
    var first = try training.run()
    try Self.advance(&first, by: 4)
    var other = training
    other.settings.threads = 3
    var run = try other.run()
    let error = #expect(throws: TrainingStateError.self) { try run.restore(first.state) }
    #expect(error?.description.contains("number of threads is 2, but here it is 3") == true)
  }

  // MARK: Files that are none

  private static func file(_ folder: TemporaryPath) throws -> String {
    var run = try SmallTraining().run()
    try advance(&run, by: 9)
    let path = folder.unique()
    try run.state.write(to: path)
    return path
  }

  @Test func damageIsFound() throws {
    let folder = try TemporaryPath()
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.file(folder))))
    let path = folder.unique()
    func expectRefusal(_ bytes: [UInt8], _ what: String) throws {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      #expect(throws: TrainingStateError.self, "\(what)") { try TrainingState(contentsOf: path) }
    }
    for length in [0, 7, 8, 100, bytes.count / 2, bytes.count - 1] {
      try expectRefusal(Array(bytes[..<length]), "cut to \(length)")
    }
    for place in stride(from: 0, to: bytes.count, by: 31) {
      var damaged = bytes
      damaged[place] ^= 0x10
      try expectRefusal(damaged, "byte \(place)")
    }
  }

  @Test func anotherFileIsNoState() throws {
    let folder = try TemporaryPath()
    let path = folder.unique()
    try SafeTensors(metadata: ["fovea": "{}"]).write(to: path)
    #expect(throws: TrainingStateError.notAState(file: path)) { try TrainingState(contentsOf: path) }
    #expect(throws: TrainingStateError.self) { try TrainingState(contentsOf: folder.unique()) }
  }

  /// Sound as a file, but not what a run can have come to.
  static let nonsense: [(String, @Sendable (inout SafeTensors, inout [String: ConfigurationValue]) -> Void)] = [
    ("the pass must be 1 to 3", { set(&$1, "place", "pass", 4) }),
    ("the pass must be 1 to 3", { set(&$1, "place", "pass", 0) }),
    ("the number of passes that are done", { set(&$1, "place", "pass", 3) }),
    ("the number of the batch", { set(&$1, "place", "batch", -1) }),
    ("the number of the batch", { set(&$1, "place", "batch", .integer(.max)) }),
    ("the number of examples that are done", { set(&$1, "place", "first", .integer(.max)) }),
    ("the number of images that are done", { set(&$1, "place", "images", 41) }),
    ("stage", { set(&$1, "place", "stage", "flying") }),
    ("the number of steps", { $1["steps"] = .integer(.max) }),
    ("the state of chance", { $1["random"] = "0" }),
    ("the state of chance", { $1["random"] = .string(String(repeating: "0", count: 64)) }),
    ("an example that was left out", { $1["leftOut"] = [["training": [40], "validation": []]] }),
    ("the memory 'adam.2/output.bias'", { files, _ in files.tensors["adam.2/output.bias"] = nil }),
    ("the memory 'adam.2/output.bias'", { files, _ in files.tensors["adam.2/output.bias"] = Tensor(zeros: [3]) }),
    ("no finite numbers", { files, _ in files.tensors["adam.1/output.bias"] = Tensor([.nan, 0], [2]) }),
    ("'output.bias' of shape", { files, _ in files.tensors["weights/output.bias"] = nil }),
    ("'output.bias' must have shape", { files, _ in files.tensors["weights/output.bias"] = Tensor(zeros: [3]) }),
    (
      "'output.bias', a weight is no finite number",
      { files, _ in files.tensors["weights/output.bias"] = Tensor([.infinity, 0], [2]) }
    ),
    ("the tensor 'extra'", { files, _ in files.tensors["extra"] = Tensor(zeros: [1]) }),
  ]

  private static func set(
    _ progress: inout [String: ConfigurationValue], _ group: String, _ key: String, _ value: ConfigurationValue
  ) {
    guard case .object(var members)? = progress[group] else { return }
    members[key] = value
    progress[group] = .object(members)
  }

  @Test(arguments: nonsense.indices) func nonsenseIsRefused(_ index: Int) throws {
    let (words, change) = Self.nonsense[index]
    let folder = try TemporaryPath()
    let path = try Self.file(folder)
    var file = try SafeTensors(contentsOf: path)
    let text = try #require(file.metadata["fovea-training"])
    guard case .object(var document) = try ConfigurationValue(json: Array(text.utf8)),
      case .object(var progress)? = document["progress"]
    else {
      Issue.record("the document has no progress")
      return
    }
    change(&file, &progress)
    document["progress"] = .object(progress)
    document["checksum"] = nil
    let json = try #require(ConfigurationValue.object(document).json)
    document["checksum"] = .string(Checksum(document: json, tensors: file.tensors).text)
    file.metadata["fovea-training"] = ConfigurationValue.object(document).json
    try file.write(to: path)
    var run = try SmallTraining().run()
    let error = #expect(throws: TrainingStateError.self) { try run.restore(TrainingState(contentsOf: path)) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(run.steps == 0 && run.history.isEmpty)
  }
}

/// A folder that goes away with its owner.
final class TemporaryPath: Sendable {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("fovea-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A name in it that nothing has yet.
  func unique() -> String { "\(folder)/\(UUID().uuidString)" }
}
