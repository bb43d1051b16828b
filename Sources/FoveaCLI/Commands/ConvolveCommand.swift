import ArgumentParser
import Fovea

struct ConvolveCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "convolve",
    abstract: "Lay a kernel of your own over a picture, or over a matrix of numbers.",
    discussion: """
      SOURCE is a picture, which is made gray with numbers 0 to 1, or a matrix in brackets. It is computed by the layers \
      that networks are made of: convolution, an activation, a pooling, in this order, as far as they are asked for. As \
      in every network, the kernel is laid over the picture as it is written, and not turned around before. Results that \
      are small are printed as numbers.

      Examples:
        fovea convolve "[[1,1,0],[0,1,1],[1,0,1]]" --kernel "[[1,0],[0,1]]"
        fovea convolve "[[1,1,2,4],[5,6,7,8]]" --pool maximum --window 2
        fovea convolve shoe.png --kernel "[[-1,0,1],[-2,0,2],[-1,0,1]]" -o edges.png
        fovea convolve shoe.png --kernel "[1,1,1,1]" --divisor 4 --sheet mean.png
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: "A picture's file, or a matrix: a list of rows, such as [[1,0],[0,1]].")
  var source: String

  @Option(help: ArgumentHelp("The kernel, a matrix.", valueName: "matrix"))
  var kernel: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What all numbers of the kernel are divided by, such as 9 for a mean of 3×3.", valueName: "x"))
  var divisor: Float = 1

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Pixels from one place of the kernel to the next.", valueName: "n"))
  var stride = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What is added around the picture: valid (nothing), same, or a number of pixels.", valueName: "p"))
  var padding = "valid"

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Pixels from one number of the kernel to the next.", valueName: "n"))
  var dilation = 1

  @Option(parsing: .unconditional, help: ArgumentHelp("What is added to each sum.", valueName: "x"))
  var bias: Float = 0

  @Option(help: ArgumentHelp("An activation behind it, such as relu.", valueName: "kind"))
  var activation: String?

  @Option(help: ArgumentHelp("A pooling at the end: maximum, average or minimum.", valueName: "kind"))
  var pool: Pool?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The side of the pooling's window, in pixels. (default: 2)", valueName: "n"))
  var window: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Pixels from one window to the next; as the window if left out.", valueName: "n"))
  var poolStride: Int?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Write the result as a gray picture, lowest black, highest white.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Draw all of it side by side, with numbers where they are few.", valueName: "file"))
  var sheet: String?

  @Flag(help: "Print the numbers of each step as JSON.")
  var json = false

  @OptionGroup var decoding: DecodingOptions

  enum Pool: String, CaseIterable, ExpressibleByArgument {
    case maximum, average, minimum
  }

  func validate() throws {
    if kernel == nil && pool == nil && activation == nil {
      throw ValidationError("give --kernel, --activation or --pool: otherwise there is nothing to compute")
    }
    if !divisor.isFinite || divisor == 0 {
      throw ValidationError("--divisor must be a number other than 0, but is \(divisor)")
    }
    if !bias.isFinite { throw ValidationError("--bias must be a number below 3.4e38, but is \(bias)") }
    if kernel == nil {
      try Self.refuse(
        without: "--kernel",
        [
          "--divisor": divisor != 1, "--stride": stride != 1, "--padding": padding != "valid",
          "--dilation": dilation != 1,
          "--bias": bias != 0,
        ])
    }
    if pool == nil {
      try Self.refuse(without: "--pool", ["--window": window != nil, "--pool-stride": poolStride != nil])
    }
  }

  /// - Parameter options: which of them were given.
  private static func refuse(without owner: String, _ options: KeyValuePairs<String, Bool>) throws {
    guard let option = options.first(where: \.value)?.key else { return }
    throw ValidationError("\(option) is of no use without \(owner); give that, or leave it out")
  }

  func run() throws {
    let toolbox = try makeToolbox()
    try WrittenFiles.check(
      [.init("--output", output), .init("--sheet", sheet)], data: isMatrix ? [] : FilePath.paths(of: [source]))
    let (encoder, sheetEncoder) = try (output.map(ImageEncoder.init), sheet.map(ImageEncoder.init))
    let trial = try makeTrial()
    let stages = try trial.run(input(toolbox), registry: toolbox.registry)
    if let output, let encoder, let last = stages.last {
      try encoder.write(last.picture(), to: output)
      toolbox.note("\(output): the result, \(Format.shape([last.matrix.height, last.matrix.width]))")
    }
    if let sheet, let sheetEncoder {
      try sheetEncoder.write(trial.sheet(stages, facts: facts), to: sheet)
      toolbox.note("\(sheet): all steps side by side")
    }
    try Console.output.print(json ? Format.json(stages.map(ConvolveStep.init)) : text(stages))
  }

  private func makeTrial() throws -> KernelTrial {
    func matrix(_ text: String) throws -> NumberMatrix {
      do { return try NumberMatrix(text: text) } catch { throw CommandError("--kernel: \(error)") }
    }
    var behind = activation.map { [KindDescription(kind: $0)] } ?? []
    if let pool {
      var settings: [String: ConfigurationValue] = ["window": .integer(window ?? 2)]
      if let poolStride { settings["stride"] = .integer(poolStride) }
      behind.append(KindDescription(kind: "\(pool.rawValue)Pooling", configuration: settings))
    }
    return try KernelTrial(
      kernel: kernel.map(matrix), divisor: divisor,
      convolution: [
        "stride": .integer(stride), "dilation": .integer(dilation),
        "padding": Int(padding).map { .integer($0) } ?? .string(padding),
      ], bias: bias, behind: behind)
  }

  private var isMatrix: Bool { source.drop(while: \.isWhitespace).hasPrefix("[") }

  private func input(_ toolbox: Toolbox) throws -> NumberMatrix {
    if isMatrix {
      do { return try NumberMatrix(text: source) } catch {
        throw CommandError("the matrix '\(source.prefix(60))': \(error)")
      }
    }
    let limits = decoding.limits
    var decoder = ImageDecoder(colorModel: .gray)
    (decoder.maximumPixels, decoder.budget, decoder.isolation) = (limits.maximumPixels, limits.budget, limits.isolation)
    decoder.maximumSide = NumberMatrix.longestSide
    let picture = try decoder.read(FilePath.paths(of: [source])[0])
    for warning in picture.warnings { toolbox.warn("\(source): \(warning)") }
    let image = picture.image
    let values = image.floats.map { $0 / 255 }
    return try NumberMatrix((0..<image.height).map { Array(values[$0 * image.width..<($0 + 1) * image.width]) })
  }

  private var facts: String {
    let convolution = ["stride \(stride)", "padding \(padding)"] + (dilation == 1 ? [] : ["dilation \(dilation)"])
    let pooling = pool == nil ? [] : ["window \(window ?? 2)"]
    return ((kernel == nil ? [] : convolution) + pooling).joined(separator: ", ")
  }

  private func text(_ stages: [KernelTrial.Stage]) -> String {
    stages.map { stage in
      let matrix = stage.matrix
      let (lowest, highest) = (matrix.values.min() ?? 0, matrix.values.max() ?? 0)
      let head =
        "\(stage.name), \(matrix.height)×\(matrix.width), \(ConvolveStep.number(lowest)) to \(ConvolveStep.number(highest))"
      // More of them, nobody reads.
      guard max(matrix.height, matrix.width) <= 16 else { return head }
      var table = TextTable(matrix.rows[0].map { _ in ("", .right) })
      for row in matrix.rows { table.add(row.map(ConvolveStep.number)) }
      return ([head] + table.lines().map { "  " + $0 }).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }
}

/// A step's numbers, as `fovea convolve` prints them.
struct ConvolveStep: Encodable {
  let step: String
  let rows: [[Float]]

  init(_ stage: KernelTrial.Stage) {
    step = stage.name
    rows = stage.matrix.rows
  }

  /// 4 as `4`, 0.33333334 as `0.3333`.
  static func number(_ value: Float) -> String {
    guard abs(value) < 1e9 else { return "\(value)" }
    if value == value.rounded() { return Format.fixed(Double(value), 0) }
    let text = Format.fixed(Double(value), 4)
    return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
  }
}
