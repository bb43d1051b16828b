import COneDNN

/// A failure that the shim reported.
struct Failure: Error, Equatable {
  let status: fovea_dnn_status
  let message: String

  static func last(_ status: fovea_dnn_status) -> Failure {
    Failure(status: status, message: String(cString: fovea_dnn_last_error()))
  }
}

/// A primitive whose arguments go in and come out as plain arrays, whatever layouts it asks for.
final class Primitive {
  let handle: fovea_dnn_primitive

  init(_ create: (UnsafeMutablePointer<fovea_dnn_primitive?>) -> fovea_dnn_status) throws(Failure) {
    var result: fovea_dnn_primitive?
    let status = create(&result)
    guard status == FOVEA_DNN_OK, let result else { throw Failure.last(status) }
    handle = result
  }

  deinit { fovea_dnn_primitive_destroy(handle) }

  var implementation: String { String(cString: fovea_dnn_primitive_implementation(handle)) }

  func layout(_ argument: fovea_dnn_argument) -> fovea_dnn_layout? {
    fovea_dnn_primitive_layout(handle, Int32(argument.rawValue))
  }

  /// Runs with `inputs`, and returns `outputs`. An argument in both runs in place.
  func run(
    _ inputs: [fovea_dnn_argument: [Float]], to outputs: [fovea_dnn_argument], workspace: Memory? = nil
  ) throws(Failure) -> [[Float]] {
    var memories: [fovea_dnn_argument: Memory] = [:]
    for (argument, values) in inputs {
      guard let layout = layout(argument) else { continue }
      memories[argument] = try Memory(values, layout)
    }
    for argument in outputs where memories[argument] == nil {
      guard let layout = layout(argument) else { continue }
      memories[argument] = Memory(byteCount: fovea_dnn_layout_byte_count(layout))
    }
    if let workspace { memories[FOVEA_DNN_WORKSPACE] = workspace }
    try execute(memories)
    var results: [[Float]] = []
    for argument in outputs {
      guard let layout = layout(argument), let memory = memories[argument] else { continue }
      results.append(try memory.values(layout))
    }
    return results
  }

  func execute(_ memories: [fovea_dnn_argument: Memory]) throws(Failure) {
    let scratchpad = Memory(byteCount: fovea_dnn_primitive_scratchpad_byte_count(handle))
    let arguments = memories.keys.map { Int32($0.rawValue) }
    let pointers = memories.values.map { Optional($0.pointer) }
    let status = fovea_dnn_primitive_execute(
      handle, arguments, pointers, Int32(arguments.count), scratchpad.pointer)
    guard status == FOVEA_DNN_OK else { throw Failure.last(status) }
  }
}

/// Aligned memory, filled with a number that shows up where nothing was written.
final class Memory {
  let pointer: UnsafeMutableRawPointer

  init(byteCount: Int) {
    let count = (byteCount + 63) / 64 * 16 + 16
    pointer = .allocate(byteCount: count * 4, alignment: 64)
    pointer.initializeMemory(as: Float.self, repeating: -12345, count: count)
  }

  /// `values`, plain, in the order of `layout`.
  convenience init(_ values: [Float], _ layout: fovea_dnn_layout) throws(Failure) {
    self.init(byteCount: fovea_dnn_layout_byte_count(layout))
    let plain = Layouts.plainTwin(layout)
    let source = Memory(byteCount: values.count * 4)
    source.pointer.assumingMemoryBound(to: Float.self).update(from: values, count: values.count)
    let reorder = try Primitive { fovea_dnn_reorder_create(plain, layout, false, $0) }
    try reorder.execute([FOVEA_DNN_SRC: source, FOVEA_DNN_DST: self])
  }

  deinit { pointer.deallocate() }

  /// The plain numbers of what lies here in the order of `layout`.
  func values(_ layout: fovea_dnn_layout) throws(Failure) -> [Float] {
    let plain = Layouts.plainTwin(layout)
    let byteCount = fovea_dnn_layout_byte_count(plain)
    let destination = Memory(byteCount: byteCount)
    let reorder = try Primitive { fovea_dnn_reorder_create(layout, plain, false, $0) }
    try reorder.execute([FOVEA_DNN_SRC: self, FOVEA_DNN_DST: destination])
    return destination.raw(count: byteCount / 4)
  }

  /// The numbers as they lie.
  func raw(count: Int) -> [Float] {
    Array(UnsafeRawBufferPointer(start: pointer, count: count * 4).bindMemory(to: Float.self))
  }
}

enum Layouts {
  static func plain(_ dimensions: [Int64]) throws(Failure) -> fovea_dnn_layout {
    guard let layout = fovea_dnn_layout_plain(Int32(dimensions.count), dimensions) else {
      throw Failure.last(FOVEA_DNN_INVALID)
    }
    return layout
  }

  static func channelsLast(_ dimensions: [Int64]) throws(Failure) -> fovea_dnn_layout {
    guard let layout = fovea_dnn_layout_channels_last(Int32(dimensions.count), dimensions) else {
      throw Failure.last(FOVEA_DNN_INVALID)
    }
    return layout
  }

  static func dimensions(_ layout: fovea_dnn_layout) -> [Int64] {
    Array(
      UnsafeBufferPointer(
        start: fovea_dnn_layout_dimensions(layout), count: Int(fovea_dnn_layout_rank(layout))))
  }

  /// The plain layout of the same dimensions.
  static func plainTwin(_ layout: fovea_dnn_layout) -> fovea_dnn_layout {
    fovea_dnn_layout_plain(fovea_dnn_layout_rank(layout), fovea_dnn_layout_dimensions(layout)) ?? layout
  }
}

/// Numbers between −1 and 1, the same in every run.
func numbers(_ count: Int, seed: UInt64) -> [Float] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int64(state >> 40)) / Float(1 << 23) - 1
  }
}

/// The largest difference between two arrays; infinite when their lengths differ.
func difference(_ first: [Float], _ second: [Float]) -> Float {
  guard first.count == second.count else { return .infinity }
  return zip(first, second).reduce(0) { result, pair in
    let distance = abs(pair.0 - pair.1)
    return distance.isNaN ? .infinity : max(result, distance)
  }
}
