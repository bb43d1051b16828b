import ArgumentParser
import Fovea

struct ExportCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model as an ONNX file, which other programs run.",
    discussion: """
      The file takes pictures as bytes, [batch, height, width, channels], of any size: the preprocessing is in it, so that it cannot be \
      forgotten, and so is what makes confidences of outputs. With --without-preprocessing it takes what the network takes. Labels, \
      threshold and all settings are in its metadata, and a test, so that 'fovea import' makes the same model of it and knows that \
      it computes the same.

      Examples:
        fovea export fashion.safetensors -o fashion.onnx
        fovea export fashion.safetensors -o fashion.onnx --without-preprocessing --batch-size 1
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(
    help:
      "A model file, ours or another program's, a built-in architecture (\(DescriptionArgument.names)), or a YAML file; of the last two, with the first weights."
  )
  var model: String

  @Option(name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "file.onnx"))
  var output: String

  @Option(
    name: .customLong("opset"), parsing: .unconditional,
    help: ArgumentHelp(
      "The version of ONNX's operators. (default: \(ONNXExport.Settings().operatorSet), or what nodes of other files ask for)",
      valueName: "n"))
  var operatorSet: Int?

  @Flag(help: "Take what the network takes, and no pictures.")
  var withoutPreprocessing = false

  @Flag(help: "Put out what the network puts out, and no confidences.")
  var withoutPostprocessing = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many examples there are at once; any number if left out.", valueName: "n"))
  var batchSize: Int?

  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions

  @Flag(help: "Print what was written as JSON.")
  var json = false

  func validate() throws {
    if let batchSize, batchSize < 1 { throw ValidationError("--batch-size must be 1 or more, but is \(batchSize)") }
    if let operatorSet, !ONNXExport.operatorSets.contains(operatorSet) {
      let known = ONNXExport.operatorSets
      throw ValidationError("--opset must be \(known.lowerBound) to \(known.upperBound), but is \(operatorSet)")
    }
    guard output.lowercased().hasSuffix(".onnx") else {
      throw ValidationError(
        "--output must end with .onnx, the one format that is written, but is '\(output.printable)'")
    }
  }

  private struct Report: Encodable {
    let inputs: [String]
    let outputs: [String]
    let operatorSet: Int
    let bytes: Int
    let leftOut: [String]
    let embedsTest: Bool
  }

  func run() throws {
    let toolbox = try makeToolbox()
    try WrittenFiles.check([.init("--output", output)], read: [.init("the model", model)] + foreign.files)
    try TextFile.check(output)
    let use = withoutPreprocessing ? ModelUse.network : .pictures
    let loaded = try ModelArgument.loadIfModel(model, foreign, for: use, toolbox)
    let saved: SavedModel
    if let loaded {
      saved = loaded
    } else {
      let description = try DescriptionArgument.load(model, toolbox)
      saved = SavedModel(
        description: description, model: try Model(description, registry: toolbox.registry, seed: 0))
    }
    var settings = ONNXExport.Settings()
    let operatorSet = operatorSet ?? ONNXExport.usualOperatorSet(for: saved.model)
    settings.operatorSet = operatorSet
    settings.includesPreprocessing = !withoutPreprocessing
    settings.includesPostprocessing = !withoutPostprocessing
    settings.batchSize = batchSize
    let export = try ONNXExport(saved, registry: toolbox.registry, settings: settings)
    try export.write(to: output)
    if !export.leftOut.isEmpty {
      toolbox.note("in the metadata alone: \(export.leftOut.joined(separator: ", "))")
    }
    if !export.hasTest {
      toolbox.warn("the file embeds no test: preprocessing takes none of the pictures that were tried")
    }
    if json {
      return try Console.output.print(
        Format.json(
          Report(
            inputs: export.inputs, outputs: export.outputs, operatorSet: operatorSet, bytes: export.bytes.count,
            leftOut: export.leftOut, embedsTest: export.hasTest)))
    }
    var table = TextTable([("", .left), ("", .left)])
    table.add(["file", output])
    table.add(["inputs", export.inputs.map(\.printable).joined(separator: ", ")])
    table.add(["outputs", export.outputs.map(\.printable).joined(separator: ", ")])
    table.add(["operator set", "\(operatorSet)"])
    table.add(["size", Format.megabytes(export.bytes.count)])
    try Console.output.print(table.text(width: Console.output.columns))
  }
}
