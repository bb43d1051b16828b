public import FoveaCore

/// Why a model cannot be written as ONNX.
public enum ONNXExportError: FoveaError, Equatable {
  /// A layer that says nothing of ONNX, or cannot be said there.
  case layer(name: String, kind: String, problem: String)
  /// A preprocessing step, likewise.
  case step(kind: String, problem: String)
  /// A version of ONNX's operators that files are not written for.
  case operatorSet(Int, known: ClosedRange<Int>)
  /// More than one file of the format can hold.
  case tooLarge(bytes: Int)

  public var description: String {
    switch self {
    case .layer(let name, let kind, let problem): "layer '\(name.printable)' (\(kind)): \(problem)"
    case .step(let kind, let problem):
      "the preprocessing step '\(kind)' cannot be a part of the file: \(problem); --without-preprocessing leaves all of it to "
        + "whoever runs the file"
    case .operatorSet(let version, let known):
      "operator set \(version) is not written; it must be \(known.lowerBound) to \(known.upperBound)"
    case .tooLarge(let bytes): "the file would have \(bytes) bytes; ONNX files have at most \(Int32.max)"
    }
  }
}
