public import FoveaCore

extension WindowedModel {
  /// What a given input makes of itself, at each cut.
  public struct Base: Sendable {
    /// `[1, channels, height, width]`: the input, and what each segment puts out.
    let maps: [Tensor]
  }

  /// - Parameter input: `[1, channels, height, width]`.
  public func base(_ input: Tensor) throws(ModelError) -> Base {
    var maps = [input.plain()]
    for segment in segments { maps.append(try segment.whole.infer(maps[maps.count - 1]).plain()) }
    return Base(maps: maps)
  }

  /// The network's output where a window of the given input is covered, for each of several windows, `[windows, …]`.
  ///
  /// - Parameters:
  ///   - windows: at least one; where one is larger than what the network was cut for, all are computed whole.
  ///   - pool: for the examples; nil to compute on the caller's thread alone.
  public func infer(
    _ windows: [CoveredWindow], in base: Base, on pool: WorkerPool? = nil
  ) throws(ModelError) -> Tensor {
    var changes = windows.map { Change(rows: $0.rows, columns: $0.columns, values: .one($0.value)) }
    guard windows.allSatisfy({ $0.rows.count <= mostRows && $0.columns.count <= mostColumns }) else {
      return try Self.infer(whole, base.maps[0].changed(changes), pool)
    }
    for (number, segment) in segments.enumerated() {
      let (frame, output) = (segment.frame, segment.whole.outputShape)
      let changed = windows.map { window in
        (
          rows: reaches[number].rows.outputs(of: window.rows, extent: output[1]),
          columns: reaches[number].columns.outputs(of: window.columns, extent: output[2])
        )
      }
      let starts = changed.map { (row: frame.rows.start(of: $0.rows), column: frame.columns.start(of: $0.columns)) }
      let inputs = try base.maps[number].changed(changes, starts, frame.rows.window, frame.columns.window)
      let outputs = try Self.infer(segment.windows, inputs, pool)
      changes = changed.indices.map { example in
        Change(
          rows: changed[example].rows, columns: changed[example].columns,
          values: .example(
            example, of: outputs,
            row: changed[example].rows.lowerBound - frame.rows.outputStart(starts[example].row),
            column: changed[example].columns.lowerBound - frame.columns.outputStart(starts[example].column)))
      }
    }
    return try Self.infer(rest, base.maps[segments.count].changed(changes), pool)
  }

  private static func infer(_ model: Model, _ inputs: Tensor, _ pool: WorkerPool?) throws(ModelError) -> Tensor {
    if let pool { return try model.infer(inputs, on: pool) }
    return try model.infer(inputs).plain()
  }
}

/// What is otherwise in an example's maps, in a window of theirs.
private struct Change {
  let rows: Range<Int>
  let columns: Range<Int>
  let values: Values

  enum Values {
    case one(Float)
    /// From a place of an example's maps on.
    case example(Int, of: Tensor, row: Int, column: Int)
  }
}

extension Tensor {
  /// All of an example's maps, changed in each of so many ways.
  fileprivate func changed(_ changes: [Change]) throws(ModelError) -> Tensor {
    try changed(changes, changes.map { _ in (row: 0, column: 0) }, shape[2], shape[3])
  }

  /// Windows of an example's maps, each of them changed, `[changes, channels, rows, columns]`.
  ///
  /// - Parameter starts: where each window begins. What changes outside of it reaches nothing.
  fileprivate func changed(
    _ changes: [Change], _ starts: [(row: Int, column: Int)], _ rows: Int, _ columns: Int
  ) throws(ModelError) -> Tensor {
    let (channels, height, width) = (shape[1], shape[2], shape[3])
    var result: Tensor
    do throws(OutOfMemory) {
      result = try Tensor(checkedUninitialized: [changes.count, channels, rows, columns])
    } catch {
      throw .memory(batchSize: changes.count, bytes: error.bytes)
    }
    let size = channels * rows * columns
    withUnsafeFloats { source in
      result.withUnsafeMutableFloats { target in
        for (example, (change, start)) in zip(changes, starts).enumerated() {
          let window = UnsafeMutableBufferPointer(rebasing: target[example * size..<(example + 1) * size])
          for channel in 0..<channels {
            for row in 0..<rows {
              let from = (channel * height + start.row + row) * width + start.column
              let to = (channel * rows + row) * columns
              _ = window[to..<to + columns].update(fromContentsOf: source[from..<from + columns])
            }
          }
          change.write(to: window, start, channels, rows, columns)
        }
      }
    }
    return result
  }
}

extension Change {
  fileprivate func write(
    to window: UnsafeMutableBufferPointer<Float>, _ start: (row: Int, column: Int), _ channels: Int, _ height: Int,
    _ width: Int
  ) {
    let rows = rows.clamped(to: start.row..<start.row + height)
    let columns = columns.clamped(to: start.column..<start.column + width)
    guard !rows.isEmpty, !columns.isEmpty else { return }
    func place(_ channel: Int, _ row: Int) -> Range<Int> {
      let first = (channel * height + row - start.row) * width + columns.lowerBound - start.column
      return first..<first + columns.count
    }
    switch values {
    case .one(let value):
      for channel in 0..<channels {
        for row in rows { window[place(channel, row)].update(repeating: value) }
      }
    case .example(let example, let outputs, let firstRow, let firstColumn):
      let (outputHeight, outputWidth) = (outputs.shape[2], outputs.shape[3])
      outputs.withUnsafeFloats { source in
        for channel in 0..<channels {
          for row in rows {
            let line = (example * channels + channel) * outputHeight + firstRow + row - self.rows.lowerBound
            let from = line * outputWidth + firstColumn + columns.lowerBound - self.columns.lowerBound
            _ = window[place(channel, row)].update(fromContentsOf: source[from..<from + columns.count])
          }
        }
      }
    }
  }
}
