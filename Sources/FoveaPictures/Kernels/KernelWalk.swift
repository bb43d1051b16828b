public import FoveaCore
public import FoveaImage

/// How a kernel, or a pooling's window, goes over an input and fills its output number by number: an animation.
public struct KernelWalk: Sendable {
  /// What is done with the numbers in the window.
  enum Work {
    case convolution(NumberPlanes, bias: Float)
    case pooling(word: String)
  }

  let kind: String
  let work: Work
  let input: NumberPlanes
  let output: NumberPlanes
  let places: WindowPlaces

  private static let poolings = [
    "maximumPooling": "largest", "minimumPooling": "smallest", "averagePooling": "mean",
  ]
  /// More frames, nobody looks at.
  static let mostFrames = 64

  /// Of the trial's kernel; without one, of its pooling.
  ///
  /// - Parameter stages: what ``KernelTrial/run(_:registry:)`` has given.
  /// - Throws: ``NumberMatrixError`` where there is neither, or with a padding other than `valid`, `same` or a number.
  public init(_ trial: KernelTrial, _ stages: [KernelTrial.Stage]) throws(NumberMatrixError) {
    let settings: [String: ConfigurationValue]
    let step: Int
    let window: (height: Int, width: Int)
    if let kernel = trial.kernel {
      (step, settings, window) = (1, trial.convolution, (kernel.height, kernel.width))
      work = .convolution(kernel, bias: trial.bias)
    } else if let index = trial.behind.firstIndex(where: { Self.poolings[$0.kind] != nil }),
      case .integer(let side)? = trial.behind[index].configuration["window"]
    {
      (step, window) = (index + 1, (side, side))
      settings = ["stride": .integer(side)].merging(trial.behind[index].configuration) { $1 }
      work = .pooling(word: Self.poolings[trial.behind[index].kind] ?? "")
    } else {
      throw NumberMatrixError("an animation shows how a window moves; give a kernel or a pooling")
    }
    func number(_ name: String) -> Int { if case .integer(let number)? = settings[name] { number } else { 1 } }
    guard stages.indices.contains(step) else { throw NumberMatrixError("there is no stage \(step) to be animated") }
    (kind, input, output) = (stages[step].name, stages[step - 1].planes, stages[step].planes)
    let places = WindowPlaces(
      window: window, stride: number("stride"), dilation: number("dilation"), padding: settings["padding"] ?? "valid",
      input: (input.height, input.width), output: (output.height, output.width))
    guard let places else { throw NumberMatrixError("an animation needs a padding of valid, same or a number") }
    self.places = places
  }

  /// Whether the numbers of input and output can all be shown.
  var showsNumbers: Bool {
    let margin = places.margin
    return max(
      input.height + margin.top + margin.bottom, input.width + margin.left + margin.right, output.height, output.width)
      <= 12
  }

  /// - Parameter facts: what stands behind the title.
  public func animation(facts: String = "") throws(ImageError) -> AnimatedPNG {
    let shown = places.places(most: showsNumbers ? Self.mostFrames : 32)
    let scene = try WalkScene(self, shown, facts: facts)
    var frames: [PanelAnimation.Frame] = []
    let milliseconds = showsNumbers ? max(10_000 / shown.count, 600) : 350
    for place in shown {
      frames.append(PanelAnimation.Frame(try scene.panel(at: place), milliseconds: min(milliseconds, 1_200)))
    }
    // The whole result, for long enough to look at.
    if let last = shown.last { frames.append(PanelAnimation.Frame(try scene.panel(at: last), milliseconds: 2_500)) }
    return try PanelAnimation(frames).encoded()
  }
}
