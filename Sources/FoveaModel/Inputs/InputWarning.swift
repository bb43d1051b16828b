public import FoveaCore

/// What is no error by itself, but hardly ever meant: preprocessing that does not go with the network's input.
public enum InputWarning: Sendable, Equatable, CustomStringConvertible {
  /// Whatever the picture, the network does not take what the steps give.
  case shape(expected: Shape, got: Shape, picture: Shape, steps: [String])
  /// The steps refuse every picture.
  case refused(ImageError)
  /// A step that changes values is there a second time.
  case repeated(step: String)
  /// Black and white come out as next to the same.
  case flat(values: ClosedRange<Float>, steps: [String])

  public var description: String {
    switch self {
    case .shape(let expected, let got, let picture, let steps):
      "preprocessing (\(steps.joined(separator: ", "))) makes \(got) (channels, height, width) of a picture of \(picture), "
        + "but the network takes \(expected): change the steps that give size and channels, or the network's input"
    case .refused(let error): "preprocessing takes no picture: \(error)"
    case .repeated(let step):
      "the preprocessing step '\(step)' is there twice with the same settings, and changes the values twice; remove one"
    case .flat(let values, let steps):
      "preprocessing (\(steps.joined(separator: ", "))) brings all values, from black to white, to between "
        + "\(values.lowerBound) and \(values.upperBound), so that pictures hardly differ: a step takes another range than "
        + "those before it give"
    }
  }
}
