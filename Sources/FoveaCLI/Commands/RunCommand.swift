import ArgumentParser
import Foundation
import Fovea

struct RunCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Compute a model's outputs for arrays of numbers.",
    discussion: """
      MODEL is a model file of this program, or another program's; an ONNX file is computed node by node, with whatever shapes come, \
      and a Keras file takes and gives pictures as Keras does, with the channels last. Arrays are files in NumPy's format, with the batch \
      in front. Each output becomes FOLDER/NAME.npy; characters that a file's name cannot \
      have become '_'.

      Examples:
        fovea run resnet.onnx --input pictures.npy -o outputs/
        fovea run detector.onnx --input images=pictures.npy --input sizes=sizes.npy --output boxes -o outputs/
        fovea run lenet.keras --input pictures.npy -o outputs/
        fovea run fashion.safetensors --input pictures.npy -o outputs/ --json
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp(ModelArgument.help))
  var model: String

  @Option(
    name: .customLong("input"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "An array for an input, by its name; without a name for the first that has none. Repeat it for more.",
      valueName: "[name=]file.npy"))
  var inputs: [String] = []

  @Option(
    name: [.customShort("o"), .customLong("outputs-to")],
    help: ArgumentHelp("Where the outputs go.", valueName: "folder"))
  var folder: String

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp("Write this output only. Repeat it for more; all if left out.", valueName: "name"))
  var outputs: [String] = []

  @Flag(help: "Print what was written as JSON.")
  var json = false

  private struct Written: Encodable {
    let name: String
    let file: String
    let type: String
    let shape: [Int]
  }

  private struct Report: Encodable { let outputs: [Written] }

  func run() throws {
    let toolbox = try makeToolbox()
    let runnable: any ComputableModel
    if let format = toolbox.formats.format(of: model) {
      let source = try format.open(model, registry: toolbox.registry)
      runnable =
        if let computable = source as? any ComputableForeignModel { ForeignComputation(model: computable) } else {
          try ModelArgument.imported(source, model, toolbox).model
        }
    } else {
      runnable = try ModelArgument.load(model, toolbox).model
    }
    // What cannot even say what comes in says why when it is computed.
    if runnable.inputNames.isEmpty, !inputs.isEmpty {
      _ = try runnable.results(of: InputArrays([], names: []), outputs: [])
    }
    let arrays = try InputArrays(inputs, names: runnable.inputNames)
    for name in outputs where !runnable.outputNames.contains(name) {
      throw CommandError(
        "the model has no output '\(name.printable)'; it has \(runnable.outputNames.map(\.printable).joined(separator: ", "))"
      )
    }
    let chosen = runnable.outputNames.filter { outputs.isEmpty || outputs.contains($0) }
    let results = try runnable.results(of: arrays, outputs: chosen)
    // A name stays the same file's, whichever others are written.
    let files = Dictionary(zip(runnable.outputNames, FileNaming.fileNames(for: runnable.outputNames))) { first, _ in
      first
    }
    let target = try NewFolder(folder, mayExist: true, keeping: arrays.paths.map { FilePath($0) })
    var written: [Written] = []
    for name in chosen {
      guard let array = results[name] else { continue }
      let file = (files[name] ?? name) + ".npy"
      try target.write(array.fileBytes, to: file)
      written.append(Written(name: name, file: file, type: array.typeName, shape: array.shape))
    }
    try target.commit()
    if json { return try Console.output.print(Format.json(Report(outputs: written))) }
    var table = TextTable([("output", .left), ("type", .left), ("shape", .left), ("file", .left)])
    for output in written {
      table.add([output.name.printable, output.type, Format.shape(output.shape), output.file])
    }
    try Console.output.print(table.text(width: Console.output.columns))
  }
}

/// What takes arrays by name and gives arrays by name.
private protocol ComputableModel {
  var inputNames: [String] { get }
  var outputNames: [String] { get }
  func results(of arrays: InputArrays, outputs: [String]) throws -> [String: NumPyArray]
}

private struct ForeignComputation: ComputableModel {
  let model: any ComputableForeignModel
  var inputNames: [String] { model.inputNames }
  var outputNames: [String] { model.outputNames }

  func results(of arrays: InputArrays, outputs: [String]) throws -> [String: NumPyArray] {
    try model.compute(arrays.arrays, outputs: outputs)
  }
}

extension Model: ComputableModel {
  fileprivate var inputNames: [String] { inputs.map(\.name) }
  fileprivate var outputNames: [String] { outputs.map(\.name) }

  fileprivate func results(of arrays: InputArrays, outputs: [String]) throws -> [String: NumPyArray] {
    var tensors: [String: Tensor] = [:]
    for (name, array) in arrays.arrays { tensors[name] = try array.tensor(path: arrays.files[name] ?? name) }
    return try infer(tensors).mapValues { NumPyArray($0) }
  }
}

/// The arrays of the command line, each for an input.
private struct InputArrays {
  private(set) var arrays: [String: NumPyArray] = [:]
  private(set) var files: [String: String] = [:]

  var paths: [String] { Array(files.values) }

  init(_ arguments: [String], names: [String]) throws {
    var unnamed: [String] = []
    for argument in arguments {
      // A name may hold '=', and so may a path.
      let name = names.first { argument.hasPrefix($0 + "=") }
      guard let name else {
        unnamed.append(argument)
        continue
      }
      guard files.updateValue(String(argument.dropFirst(name.count + 1)), forKey: name) == nil else {
        throw CommandError("--input gives '\(name.printable)' twice")
      }
    }
    var free = names.filter { files[$0] == nil }[...]
    for path in unnamed {
      if let equals = path.firstIndex(of: "="), !FileManager.default.fileExists(atPath: path) {
        throw CommandError(
          "--input: the model has no input '\(String(path[..<equals]).printable)', and there is no file '\(path.printable)'; its "
            + "inputs are \(names.map(\.printable).joined(separator: ", "))")
      }
      guard let name = free.popFirst() else {
        throw CommandError(
          "--input '\(path.printable)' is one too many: the model has the inputs \(names.map(\.printable).joined(separator: ", "))"
        )
      }
      files[name] = path
    }
    for (name, path) in files { arrays[name] = try NumPyArray(path: path) }
  }
}
