import Foundation
import Fovea
import Testing

@Suite struct TrainCommandTests {
  @Test func learnsAndReports() throws {
    let stripes = try TrainedStripes.get()
    let result = stripes.training
    result.expectSuccess()
    #expect(result.output.contains(stripes.model))
    let line = try #require(result.lines.first { $0.hasPrefix("validation accuracy") })
    let accuracy = try #require(Double(line.split(separator: " ")[2]))
    #expect(accuracy >= 95, "\(line)")
    #expect(result.errors.contains("epoch 6/6  loss"))
    // Nobody looks at a terminal here: no bar, nothing that moves the cursor.
    #expect(!result.errors.contains("\r") && !result.errors.contains("\u{1B}"))
  }

  @Test func writesOneLineOfMetricsForEachPass() throws {
    let stripes = try TrainedStripes.get()
    let lines = try String(contentsOfFile: stripes.metrics, encoding: .utf8).split(separator: "\n")
    let epochs = try lines.map { try JSON.read(String($0)) }
    #expect(epochs.compactMap { $0["epoch"]?.number } == [1, 2, 3, 4, 5, 6])
    let losses = epochs.compactMap { $0["loss"]?.number }
    #expect(losses.count == 6 && losses[5] < losses[0] / 2)
    #expect(epochs.allSatisfy { $0.keys.isSuperset(of: ["validationLoss", "validationAccuracy", "imagesPerSecond"]) })
    #expect(!FileManager.default.fileExists(atPath: stripes.metrics + ".partial"))
  }

  @Test func whatARecipeNamesWatchesTheTraining() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let recipe = try files.write(
      """
      metrics: {kind: f1, average: weighted}
      watch: weightedF1
      optimizer: {kind: sgd, learningRate: 1e-30, momentum: 0}
      observers: [{kind: earlyStopping, patience: 2}, {kind: learningRateLog, file: \(files["rates.csv"])}]
      """, to: "recipe.yaml")
    let result = try Program.run(
      "train", stripes.description, stripes.data, "-o", files["m"], "--recipe", recipe, "--epochs", "9", "--metrics",
      files["metrics"])
    result.expectSuccess()
    #expect(result.errors.contains("ended early: no pass was better than pass 1, 2 passes ago"))
    #expect(result.errors.contains("validation weighted F1 "))
    #expect(result.lines.contains { $0.hasPrefix("validation weighted F1") && $0.hasSuffix(" %") })
    let passes = try String(contentsOfFile: files["metrics"], encoding: .utf8).split(separator: "\n")
    #expect(passes.count == 3)
    #expect(try JSON.read(String(passes[0]))["validationFigures"]?.keys == ["weightedF1"])
    #expect(try String(contentsOfFile: files["rates.csv"], encoding: .utf8).split(separator: "\n").count == 4)
    let recorded = try ModelFile.load(files["m"], registry: .standard).training?.recipe
    #expect(recorded?["metrics"] == [["kind": "f1", "average": "weighted"]] && recorded?["watch"] == "weightedF1")
  }

  /// One thread and two write the same file, whose record says what the weights depend on.
  @Test func sameSeedSameFileWithOneThreadAndTwo() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    for threads in ["1", "2"] {
      try Program.run(
        "train", stripes.description, stripes.data, "-o", files[threads], "--epochs", "2", "--threads", threads, "-q"
      ).expectSuccess()
    }
    #expect(try files.bytes("1") == files.bytes("2"))
    let record = try #require(try ModelFile.load(files["1"], registry: .standard).training)
    #expect(record.parts == 2 && record.threads == nil && record.precision == .float32)
    #expect(record.kernels?.contains("oneDNN") == true)
  }

  @Test func keepsWeightsInHalfTheRoomWhereAsked() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    for type in ["float32", "bfloat16"] {
      try Program.run(
        "train", stripes.description, stripes.data, "-o", files[type], "--epochs", "1", "--weights", type, "-q"
      ).expectSuccess()
    }
    // 631 weights of two bytes less, and the headers' padding.
    let (whole, half) = (try files.bytes("float32").count, try files.bytes("bfloat16").count)
    #expect(abs(whole - half - 2 * 631) < 64)
    let summary = try Program.run("summary", files["bfloat16"])
    #expect(summary.lines.first?.hasSuffix("; weights are kept as bfloat16 and used as float32") == true)
    #expect(try JSON.read(Program.run("summary", files["bfloat16"], "--json").output)["weights"] == "bfloat16")
    try Program.run("train", stripes.description, stripes.data, "-o", files["m"], "--weights", "int8")
      .expectFailure(64, saying: "'float32', 'float16' or 'bfloat16'")
  }

  @Test func warnsOfASoftmaxBeforeTheLossAtTheBeginningAndAtTheEnd() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let twice = try files.write(
      Stripes.description.replacing("loss:", with: "  - softmax\nloss:"), to: "twice.yaml")
    let result = try Program.run("train", twice, stripes.data, "-o", files["m"], "--epochs", "1", "-q")
    result.expectSuccess()
    let words = "applies the softmax itself, but the last layer, 'softmax1', is a softmax already"
    #expect(result.errors.contains(words) && result.output.contains(words))
  }

  @Test func putsInThePostprocessingThatTheLossImplies() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let bare = try files.write(
      Stripes.description.replacing("postprocessing:\n  - kind: softmax\n", with: ""), to: "bare.yaml")
    let result = try Program.run("train", bare, stripes.data, "-o", files["m"], "--epochs", "1")
    result.expectSuccess()
    #expect(result.errors.contains("postprocessing 'softmax', which the loss 'softmaxCrossEntropy' implies"))
    let saved = try ModelFile.load(files["m"], registry: .standard)
    #expect(saved.description.postprocessing.map(\.kind) == ["softmax"])
  }

  @Test func refusesASigmoidBehindSeveralOutputsBeforeTheFirstStep() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let sigmoid = try files.write(
      Stripes.description.replacing("  - kind: softmax", with: "  - kind: sigmoid"), to: "sigmoid.yaml")
    let result = try Program.run("train", sigmoid, stripes.data, "-o", files["m"], "--epochs", "1")
    result.expectFailure(saying: "sigmoid: expects one output", "the model has 3 outputs")
    #expect(!result.errors.contains("epoch"))
    #expect(files.names == ["sigmoid.yaml"])
  }

  @Test func sameSeedSameFile() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    for (name, seed) in [("a", "5"), ("b", "5"), ("c", "6")] {
      try Program.run(
        "train", stripes.description, stripes.data, "-o", files[name], "--epochs", "1", "--seed", seed, "--threads",
        "1",
        "-q"
      ).expectSuccess()
    }
    #expect(try files.bytes("a") == files.bytes("b"))
    #expect(try files.bytes("a") != files.bytes("c"))
  }

  @Test func takesClassFoldersAndSplitsThem() throws {
    let files = try TemporaryFolder()
    try Stripes.writeFolders(to: files["data"], count: 10)
    try files.write("junk", to: "data/.DS_Store")
    try files.write(Stripes.description, to: "stripes.yaml")
    let result = try Program.run(
      "train", "stripes.yaml", "data", "-o", "model", "--epochs", "1", "--validation-split", "0.2", in: files.path)
    result.expectSuccess()
    #expect(
      result.errors.contains("24 images of 3 classes: across 8, down 8, none 8; judged by 6 kept apart"),
      "\(result.errors)")
    let saved = try ModelFile.load(files["model"], registry: .standard)
    #expect(saved.description.labels == Stripes.labels)
    #expect(saved.training?.trainingCount == 24 && saved.training?.validationCount == 6)
  }

  @Test func takesValidationDataAndARecipe() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let recipe = try files.write("epochs: 2\nbatchSize: 8\noptimizer: {kind: sgd, momentum: 0.5}\n", to: "recipe.yaml")
    let result = try Program.run(
      "train", stripes.description, stripes.data, "-o", files["m"], "--recipe", recipe, "--validation", stripes.pictures
    )
    result.expectSuccess()
    #expect(result.errors.contains("epoch 2/2"))
    #expect(result.errors.contains("judged by 12 in \(stripes.pictures)/"))
    let record = try #require(try ModelFile.load(files["m"], registry: .standard).training)
    #expect(record.optimizer == "sgd" && record.batchSize == 8 && record.epochs == 2)
    #expect(
      record.recipe?["optimizer"] == [
        "kind": "sgd", "learningRate": 0.01, "momentum": 0.5, "nesterov": false, "weightDecay": 0,
      ])
    #expect(record.recipe?["evaluatesTrainingData"] == false)
  }

  @Test func drawsALearningCurve() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try Program.run(
      "train", stripes.description, stripes.data, "-o", files["m"], "--epochs", "3", "--curve", files["curve.svg"],
      "--no-run"
    ).expectSuccess()
    let svg = files.text("curve.svg")
    #expect(svg.hasPrefix("<svg") && svg.contains("validation") && svg.contains("error rate"))
    try Program.run("train", stripes.description, stripes.data, "-o", files["n"], "--curve", files["none/curve.svg"])
      .expectFailure(saying: files["none"])
    #expect(files.names == ["curve.svg", "m"])
  }

  @Test func failedRunLeavesWhatWasThere() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try files.write("precious", to: "model.safetensors")
    try files.write("precious too", to: "metrics.jsonl")
    let result = try Program.run(
      "train", stripes.description, stripes.data, "-o", files["model.safetensors"], "--metrics", files["metrics.jsonl"],
      "--optimizer", "sgd", "--learning-rate", "1e30")
    result.expectFailure(saying: "step ", "is no finite number", "lower learning rate")
    #expect(files.text("model.safetensors") == "precious")
    #expect(files.text("metrics.jsonl") == "precious too")
    #expect(files.names.allSatisfy { $0 == "model.safetensors" || $0.hasPrefix("metrics.jsonl") })
  }

  @Test(.timeLimit(.minutes(5))) func interruptionLeavesNoHalfFile() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try files.write("precious", to: "model.safetensors")
    let program = try Program.start([
      "train", stripes.description, stripes.data, "-o", files["model.safetensors"], "--epochs", "1000000",
      "--no-run",
    ])
    program.wait { program.errors.contains("epoch 1/") }
    kill(program.process.processIdentifier, SIGINT)
    let result = program.finish()
    #expect(result.status == 130 && !result.wasKilled, "\(result.errors)")
    #expect(result.errors.contains("interrupted"))
    #expect(files.text("model.safetensors") == "precious")
    #expect(files.names == ["model.safetensors"])
  }

  @Test func aBuiltinNetworkHasOutputsForTheClasses() throws {
    let files = try TemporaryFolder()
    let result = try Program.run(
      "train", "lenet", TrainedStripes.get().data, "-o", files["model"], "--epochs", "1", "--no-run")
    result.expectSuccess()
    #expect(result.errors.contains("lenet: with outputs for the 3 classes of the data"))
  }

  @Test func saysWhatIsWrongBeforeItStarts() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    func train(_ description: String, _ data: String, output: String? = nil) throws -> Program.Result {
      try Program.run("train", description, data, "-o", output ?? files["model"])
    }
    try train("lenett", stripes.data).expectFailure(saying: "'lenett'", "did you mean 'lenet'", "mnist-2conv")
    try train(files["none.yaml"], stripes.data).expectFailure(saying: files["none.yaml"])
    try train(stripes.model, stripes.data).expectFailure(saying: "trained model")
    try Program.run("train", stripes.data, "-o", files["model"]).expectFailure(64, saying: "'<description>' before")
    try Program.run("train", "lenet", "-o", files["model"]).expectFailure(64, saying: "'<data>'")
    try train(stripes.description, files["none"]).expectFailure(saying: files["none"])
    try files.makeFolder("empty")
    try train(stripes.description, files["empty"]).expectFailure(saying: files["empty"], "train-images-idx3-ubyte")
    try train(stripes.description, stripes.data, output: files["none/model"]).expectFailure(saying: "no folder")
    try train(stripes.description, stripes.data, output: files["empty"]).expectFailure(saying: "folder")
    try Program.run(
      "train", stripes.description, stripes.data, "-o", files["model"], "--recipe", "papr"
    ).expectFailure(saying: "Did you mean 'paper'?")
    #expect(files.names == ["empty"])
  }

  @Test(arguments: [
    ("kernel: 3", "kernle: 3", ["'kernle'", "did you mean 'kernel'", "'c1'"]),
    ("kind: relu", "kind: rleu", ["'rleu'", "did you mean 'relu'"]),
    ("kernel: 3", "kernel: 99", ["'c1'", "99"]),
    ("kernel: 3", "kernel: 3, stride: 0", ["'c1'", "stride", "0"]),
    ("filters: 4", "filters: -4", ["'c1'", "filters", "-4"]),
    ("filters: 4", "filters: four", ["'c1'", "filters", "'four'"]),
    ("filters: 4, ", "", ["'c1'", "needs the key 'filters'"]),
    ("units: 3", "units: 7", ["3 classes"]),
    ("units: 3", "units: 4611686018427387904", ["'output'"]),
    ("input: [1, 16, 16]", "input: [1, 0, 16]", ["1 or more"]),
    ("input: [1, 16, 16]", "input: [1, 20, 20]", ["20"]),
    ("loss: {kind: softmaxCrossEntropy}\n", "", ["names no loss"]),
    ("layers:", "layers: [", ["line"]),
  ])
  func refusesBadDescriptions(_ old: String, _ new: String, _ words: [String]) throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    #expect(Stripes.description.contains(old))
    let path = try files.write(Stripes.description.replacingOccurrences(of: old, with: new), to: "bad.yaml")
    let result = try Program.run("train", path, stripes.data, "-o", files["model"])
    result.expectFailure()
    for word in words { #expect(result.errors.contains(word), "'\(word)' is not in: \(result.errors)") }
    #expect(files.names == ["bad.yaml"])
  }

  @Test func refusesBadIDXFiles() throws {
    let files = try TemporaryFolder()
    let images = "data/train-images-idx3-ubyte"
    func train(_ change: (inout [UInt8]) -> Void) throws -> Program.Result {
      try Stripes.writeIDX(to: files["data"], count: 12)
      try files.write(Stripes.description, to: "stripes.yaml")
      var bytes = try files.bytes(images)
      change(&bytes)
      try files.write(bytes, to: images)
      return try Program.run("train", "stripes.yaml", "data", "-o", "model", in: files.path)
    }
    try train { $0.removeLast(100) }.expectFailure(saying: images, "cut short")
    try train { $0 = [] }.expectFailure(saying: images)
    try train { $0 = Array("<html>not found</html>".utf8) }.expectFailure(saying: images, "no IDX file")
    // The header lies: more images than there are, more than memory holds, fewer than labels.
    try train { $0[7] = 13 }.expectFailure(saying: images)
    try train { $0.replaceSubrange(4..<8, with: [0x7F, 0xFF, 0xFF, 0xFF]) }.expectFailure(saying: images)
    try train {
      $0[7] = 11
      $0.removeLast(256)
    }.expectFailure(saying: "11 images", "12 labels")
    #expect(!files.names.contains("model"))
  }

  @Test(arguments: [
    [], ["--epochs", "0"], ["--epochs", "many"], ["--batch-size", "0"], ["--optimizer", "adm"],
    ["--learning-rate", "-1"], ["--learning-rate", "nan"], ["--threads", "0"], ["--validation-split", "1"],
    ["--validation-split", "0.5", "--validation", "x"], ["--seed", "-1"], ["--epoks", "3"], ["--lr", "1"],
  ])
  func usageErrorsHaveAStatusOfTheirOwn(_ arguments: [String]) throws {
    let required = arguments.isEmpty ? [] : ["lenet", "data", "-o", "model"]
    let result = try Program.run(["train"] + required + arguments)
    result.expectFailure(64, saying: "Usage: fovea train")
    #expect(result.output.isEmpty)
  }

  /// What is far from every option is looked for by its first letters, or as a part of one.
  @Test(arguments: [("--lr", "--learning-rate"), ("--rate", "--learning-rate"), ("--epoks", "--epochs")])
  func anOptionThatDoesNotExistIsAskedAbout(_ wrong: String, _ right: String) throws {
    try Program.run("train", "lenet", "data", "-o", "model", wrong, "1")
      .expectFailure(64, saying: "Unknown option '\(wrong)'", "Did you mean '\(right)'?")
    let unknown = try Program.run("train", "lenet", "data", "-o", "model", "--xyzzy", "1")
    #expect(!unknown.errors.contains("Did you mean"))
  }
}
