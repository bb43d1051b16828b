import COneDNN

/// One operation of oneDNN for one set of shapes, layouts and threads, ready to run.
///
/// Creating one costs thousands of times a small layer's run: keep it in a ``KernelCache``. Several threads may run
/// the same kernel at once.
public final class Kernel: @unchecked Sendable {
  // oneDNN's primitives are immutable; each run brings its own scratchpad.
  private let primitive: fovea_dnn_primitive
  private let scratchpadByteCount: Int
  /// Bytes that the argument ``Argument/workspace`` takes.
  public let workspaceByteCount: Int

  /// What a kernel reads or writes.
  public enum Argument: Int32, Sendable {
    case source = 1
    case secondSource = 2
    case destination = 17
    case weights = 33
    case bias = 41
    case mean = 49
    case variance = 50
    case scale = 51
    case shift = 52
    case workspace = 64
    case sourceGradient = 129
    case destinationGradient = 145
    case weightsGradient = 161
    case biasGradient = 169
    case scaleGradient = 255
    case shiftGradient = 256
    /// Sources of a sum or a concatenation.
    case source0 = 1024
    case source1 = 1025
  }

  public enum Pass: UInt32, Sendable, Hashable {
    case inference = 0
    case training = 1
    case backwardData = 2
    case backwardWeights = 3

    var raw: fovea_dnn_pass { fovea_dnn_pass(rawValue) }
  }

  /// Takes over what one of the shim's functions creates.
  ///
  /// - Throws: ``KernelError`` with oneDNN's own words.
  init(
    creating create: (UnsafeMutablePointer<fovea_dnn_primitive?>) -> fovea_dnn_status
  ) throws(KernelError) {
    var result: fovea_dnn_primitive?
    let status = create(&result)
    guard status == FOVEA_DNN_OK, let result else { throw KernelError.last() }
    primitive = result
    scratchpadByteCount = fovea_dnn_primitive_scratchpad_byte_count(result)
    workspaceByteCount = fovea_dnn_primitive_workspace_byte_count(result)
  }

  deinit { fovea_dnn_primitive_destroy(primitive) }

  /// The layout in which the kernel wants or leaves an argument; plain where it has no such argument.
  public func layout(_ argument: Argument) -> Layout {
    fovea_dnn_primitive_layout(primitive, argument.rawValue).map(Layout.init) ?? .plain
  }

  /// oneDNN's name of the implementation, for profiles.
  public var implementation: String { String(cString: fovea_dnn_primitive_implementation(primitive)) }

  /// Runs the kernel; each address must hold its argument in the kernel's layout.
  public func run(_ arguments: KeyValuePairs<Argument, UnsafeMutablePointer<Float>>) throws(KernelError) {
    let scratchpad = scratchpadByteCount > 0 ? Storage(byteCount: scratchpadByteCount) : nil
    let status = withUnsafeTemporaryAllocation(of: Int32.self, capacity: arguments.count) { indices in
      withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: arguments.count) { pointers in
        for (i, (argument, address)) in arguments.enumerated() {
          indices[i] = argument.rawValue
          pointers[i] = UnsafeMutableRawPointer(address)
        }
        return fovea_dnn_primitive_execute(
          primitive, indices.baseAddress!, pointers.baseAddress!, Int32(arguments.count), scratchpad?.address)
      }
    }
    withExtendedLifetime(scratchpad) {}
    guard status == FOVEA_DNN_OK else { throw KernelError.last() }
  }
}

/// oneDNN refused or failed, in its own words.
public struct KernelError: FoveaError, Equatable {
  public let description: String

  static func last() -> KernelError { KernelError(description: String(cString: fovea_dnn_last_error())) }
}

extension LayerError {
  /// The same failure, with the kind of layer whose kernel it was.
  public init(_ error: KernelError, in kind: String) {
    self = .kernel(kind: kind, message: error.description)
  }
}
