import FoveaCore

// A picture's numbers, and many copies of them, may be more than there is memory for. Who makes them here says so by an error;
// by an array of its own, the program would end.

extension ExplanationError {
  /// Asks for memory that is then taken in other ways.
  ///
  /// - Parameter examples: that are in it.
  static func ask(for bytes: Int, examples: Int = 1) throws(ExplanationError) {
    do throws(OutOfMemory) { try OutOfMemory.check(bytes) } catch { throw .memory(examples: examples, bytes: bytes) }
  }
}

extension Tensor {
  /// For examples that a method changes and has computed together, all of which it writes.
  ///
  /// - Parameter example: what they are like, with a batch in front.
  init(changedExamples count: Int, like example: Shape) throws(ExplanationError) {
    do throws(OutOfMemory) { try self.init(checkedUninitialized: example.withoutBatch.batched(count)) } catch {
      throw .memory(examples: count, bytes: error.bytes)
    }
  }

  /// `value` of each place.
  init(places shape: Shape, _ value: (Int) -> Float) throws(ExplanationError) {
    do throws(OutOfMemory) { try self.init(checkedUninitialized: shape) } catch {
      throw .memory(examples: 1, bytes: error.bytes)
    }
    withUnsafeMutableFloats { values in
      for place in values.indices { values[place] = value(place) }
    }
  }

  /// The rows of all parts, one after the other.
  static func joined(_ parts: [Tensor]) throws(ExplanationError) -> Tensor {
    do throws(OutOfMemory) { return try Tensor(joining: parts) } catch {
      throw .memory(examples: parts.reduce(0) { $0 + $1.shape[0] }, bytes: error.bytes)
    }
  }
}

extension Array {
  /// `value` of each place.
  init(places count: Int, _ value: (Int) -> Element) throws(ExplanationError) {
    do throws(OutOfMemory) {
      try self.init(checkedCount: count) { places in
        for place in places.indices { places.initializeElement(at: place, to: value(place)) }
        return true
      }
    } catch { throw .memory(examples: 1, bytes: error.bytes) }
  }
}

extension Array where Element == Float {
  /// All of a tensor's elements in row-major order.
  init(of tensor: Tensor) throws(ExplanationError) {
    self = try tensor.withUnsafeFloats { source throws(ExplanationError) in
      try [Float](places: source.count) { source[$0] }
    }
  }
}
