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

      A kernel of several matrices reads as many channels, and its answers to them are added up. One of three reads the \
      red, green and blue of a picture; a matrix SOURCE may be such a list, too.

      With --learn, the kernel is only asked what it makes of the picture. From that, another one is learned, from noise, \
      by gradient descent on the mean squared difference, and --animate and --sheet show how.

      Examples:
        fovea convolve "[[1,1,0],[0,1,1],[1,0,1]]" --kernel "[[1,0],[0,1]]" --animate walk.png
        fovea convolve "[[1,1,2,4],[5,6,7,8]]" --pool maximum --window 2
        fovea convolve shoe.png --kernel "[[-1,0,1],[-2,0,2],[-1,0,1]]" -o edges.png
        fovea convolve photo.jpg --kernel "[[[0.299]],[[0.587]],[[0.114]]]" -o gray.png
        fovea convolve shoe.png --kernel "[1,0,-1]" --learn 200 --animate learn.png
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: "A picture's file, or a matrix: a list of rows, such as [[1,0],[0,1]]; or a list of matrices.")
  var source: String

  @Option(help: ArgumentHelp("The kernel: a matrix, or a list of one for each channel.", valueName: "matrix"))
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

  @Flag(help: "At the end, put all numbers into one row, as a dense layer takes them.")
  var flatten = false

  @Flag(help: "Keep a picture's red, green and blue; a kernel of three matrices does so by itself.")
  var color = false

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Write the result as a gray picture, lowest black, highest white.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Draw all of it side by side, with numbers where they are few.", valueName: "file"))
  var sheet: String?

  @Option(
    help: ArgumentHelp(
      "Draw how the kernel, or the pooling's window, goes over SOURCE and fills the output: an animated PNG. With --learn, "
        + "how the kernel is learned.", valueName: "file"))
  var animate: String?

  @Option(
    help: ArgumentHelp(
      "Draw SOURCE as its numbers, each in its pixel, of a picture 0 to 255; at most \(NumberPicture.longestSide) on a side.",
      valueName: "file"))
  var numbers: String?

  @OptionGroup(title: "Learning the kernel") var learning: KernelLearningOptions

  @Flag(help: "Print the numbers of each step as JSON.")
  var json = false

  @OptionGroup var decoding: DecodingOptions

  enum Pool: String, CaseIterable, ExpressibleByArgument {
    case maximum, average, minimum
  }

  func validate() throws {
    let computes = kernel != nil || pool != nil || activation != nil || flatten
    if !computes && numbers == nil {
      throw ValidationError(
        "give --kernel, --activation, --pool or --flatten: otherwise there is nothing to compute; or --numbers, to look "
          + "at SOURCE")
    }
    if !computes {
      try Self.refuse(
        without: "something to compute", ["--output": output != nil, "--sheet": sheet != nil, "--json": json])
    }
    if kernel == nil && pool == nil {
      try Self.refuse(without: "--kernel or --pool", ["--animate": animate != nil])
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
          "--bias": bias != 0, "--learn": learning.steps != nil,
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
      [
        .init("--output", output), .init("--sheet", sheet), .init("--animate", animate), .init("--numbers", numbers),
      ], data: isMatrix ? [] : FilePath.paths(of: [source]))
    let encoders = try (
      output.map(ImageEncoder.init), sheet.map(ImageEncoder.init), numbers.map(ImageEncoder.init),
      animate.map(Self.checkedAnimation)
    )
    let kernel = try readKernel()
    let input = try input(toolbox, isColor: color || kernel?.count == 3)
    if let numbers, let encoder = encoders.2 {
      try encoder.write(NumberPicture(input, scale: isMatrix ? nil : 255).sheet(), to: numbers)
      toolbox.note("\(numbers): the numbers that it is made of")
    }
    guard kernel != nil || !behind.isEmpty else { return }
    let trial = try makeTrial(kernel)
    let stages = try trial.run(input, registry: toolbox.registry)
    if let output, let encoder = encoders.0, let last = stages.last {
      try encoder.write(last.picture(), to: output)
      toolbox.note("\(output): the result, \(Format.shape([last.planes.height, last.planes.width]))")
    }
    if learning.steps != nil {
      let learned = try learning.learn(trial, input, toolbox)
      if let sheet, let encoder = encoders.1 {
        try encoder.write(learned.sheet(), to: sheet)
        toolbox.note("\(sheet): the kernel, from noise to the last step")
      }
      if let animate {
        try learned.animation().write(to: animate)
        toolbox.note("\(animate): how it was learned")
      }
      try Console.output.print(json ? Format.json(LearnedKernel(learned)) : LearnedKernel(learned).text)
      return
    }
    if let sheet, let encoder = encoders.1 {
      try encoder.write(trial.sheet(stages, facts: facts), to: sheet)
      toolbox.note("\(sheet): all steps side by side")
    }
    if let animate {
      let animation = try KernelWalk(trial, stages).animation(facts: facts)
      try animation.write(to: animate)
      toolbox.note("\(animate): \(animation.frameCount.plainly("picture")), one after the other")
    }
    try Console.output.print(json ? Format.json(stages.map(ConvolveStep.init)) : ConvolveStep.text(stages))
  }

  /// Animations are PNG alone.
  private static func checkedAnimation(_ path: String) throws -> String {
    guard path.lowercased().hasSuffix(".png") else {
      throw CommandError("--animate '\(path)': an animation is a PNG; its name must end in .png")
    }
    return path
  }

  var isMatrix: Bool { source.drop(while: \.isWhitespace).hasPrefix("[") }
}
