import COneDNN
import Synchronization

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
  /// oneDNN's name of the implementation, for profiles.
  public let implementation: String
  /// Whether it is one of those that oneDNN has for what it has nothing better for.
  public let isSlow: Bool
  /// How fast it is likely to be beside other kernels of the same operation: more is better.
  public let rank: Int
  /// Whether it only moves elements into another layout.
  private let isReorder: Bool

  /// What a kernel reads or writes.
  public struct Argument: Sendable, Hashable {
    let number: Int32

    public static let source = Argument(FOVEA_DNN_SRC)
    public static let secondSource = Argument(FOVEA_DNN_SRC_1)
    public static let destination = Argument(FOVEA_DNN_DST)
    public static let weights = Argument(FOVEA_DNN_WEIGHTS)
    public static let bias = Argument(FOVEA_DNN_BIAS)
    public static let workspace = Argument(FOVEA_DNN_WORKSPACE)
    public static let sourceGradient = Argument(FOVEA_DNN_DIFF_SRC)
    public static let destinationGradient = Argument(FOVEA_DNN_DIFF_DST)
    public static let weightsGradient = Argument(FOVEA_DNN_DIFF_WEIGHTS)
    public static let biasGradient = Argument(FOVEA_DNN_DIFF_BIAS)

    /// Source `index` of a sum or a concatenation.
    public static func source(at index: Int) -> Argument { Argument(FOVEA_DNN_SRC_MANY, index) }

    private init(_ argument: fovea_dnn_argument, _ index: Int = 0) {
      number = Int32(argument.rawValue) + Int32(clamping: index)
    }
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
  /// - Parameter layouts: what `create` reads the handles of.
  init(
    _ layouts: [ShapedLayout?], isReorder: Bool = false,
    creating create: (UnsafeMutablePointer<fovea_dnn_primitive?>) -> fovea_dnn_status
  ) throws(KernelError) {
    var result: fovea_dnn_primitive?
    let status = withExtendedLifetime(layouts) { create(&result) }
    guard status == FOVEA_DNN_OK, let result else { throw KernelError.last() }
    primitive = result
    scratchpadByteCount = fovea_dnn_primitive_scratchpad_byte_count(result)
    workspaceByteCount = fovea_dnn_primitive_workspace_byte_count(result)
    implementation = String(cString: fovea_dnn_primitive_implementation(result))
    isSlow = implementation.hasPrefix("simple") || implementation.hasPrefix("ref")
    rank = Int(fovea_dnn_primitive_rank(result))
    self.isReorder = isReorder
    Self.alive.add(1, ordering: .relaxed)
  }

  deinit {
    fovea_dnn_primitive_destroy(primitive)
    Self.alive.subtract(1, ordering: .relaxed)
  }

  private static let alive = Atomic<Int>(0)

  /// How many kernels there are in this process, for a look whether caches are bounded.
  package static var count: Int { alive.load(ordering: .relaxed) }

  /// The layout in which the kernel wants or leaves an argument; plain where it has no such argument.
  public func layout(_ argument: Argument) -> Layout {
    fovea_dnn_primitive_layout(primitive, argument.number).map(Layout.init) ?? .plain
  }

  /// Runs the kernel over tensors that have the kernel's layouts already. What it has no use for, such as the bias
  /// of a layer without one, may be nil.
  public func run(_ arguments: KeyValuePairs<Argument, Tensor?>) throws(KernelError) {
    try execute(arguments)
  }

  /// The same for a number of arguments that is not known before.
  public func run(_ arguments: [(key: Argument, value: Tensor?)]) throws(KernelError) {
    try execute(arguments)
  }

  private func execute(_ arguments: some Collection<(key: Argument, value: Tensor?)>) throws(KernelError) {
    let scratchpad = scratchpadByteCount > 0 ? Storage(byteCount: scratchpadByteCount) : nil
    let status = withUnsafeTemporaryAllocation(of: Int32.self, capacity: arguments.count) { numbers in
      withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: arguments.count) { pointers in
        for (i, (argument, tensor)) in arguments.enumerated() {
          numbers[i] = argument.number
          pointers[i] = tensor.map { UnsafeMutableRawPointer($0.address) }
        }
        let watch = KernelRecorder.start()
        defer { watch?.stop(implementation, isReorder: isReorder) }
        return fovea_dnn_primitive_execute(
          primitive, numbers.baseAddress!, pointers.baseAddress!, Int32(arguments.count), scratchpad?.address)
      }
    }
    withExtendedLifetime((scratchpad, arguments)) {}
    guard status == FOVEA_DNN_OK else { throw KernelError.last() }
  }
}

/// oneDNN refused or failed, in its own words.
public struct KernelError: FoveaError, Equatable {
  public let description: String

  package init(_ description: String) {
    self.description = description
  }

  static func last() -> KernelError { KernelError(String(cString: fovea_dnn_last_error())) }
}

extension LayerError {
  /// The same failure, with the kind of layer whose kernel it was.
  public init(_ error: KernelError, in kind: String) {
    self = .kernel(kind: kind, message: error.description)
  }
}
