import FoveaCore
import Testing

/// Where elements lie, and that nothing but speed depends on it.
@Suite struct LayoutTests {
  private static func counted(_ shape: Shape) -> Tensor { Tensor((0..<shape.count).map(Float.init), shape) }

  @Test func interleavesAndBack() {
    for batch in Array(1...40) + [64, 100] {
      for example: Shape in [[1], [3], [5, 2], [2, 3, 7], [1, 4, 4]] {
        let plain = Self.counted(example.batched(batch))
        let interleaved = plain.converted(to: .interleaved)
        #expect(interleaved.layout == .interleaved && interleaved == plain)
        #expect(interleaved.plain().elements == plain.elements)
        #expect(interleaved.withExamplesApart().layout == .plain && plain.withExamplesApart().address == plain.address)
        // Element `i` of example `n`, as the documentation says.
        let (i, n) = (example.count - 1, batch - 1)
        let place = (n / 16 * example.count + i) * 16 + n % 16
        #expect(interleaved.address[place] == plain.elements[n * example.count + i])
      }
    }
  }

  @Test func goesFromAndToOtherLayouts() throws {
    let plain = Self.counted([18, 5, 3, 4])
    let last = try #require(Layout.channelsLast(plain.shape))
    #expect(plain.converted(to: last).converted(to: .interleaved) == plain)
    #expect(plain.converted(to: .interleaved).converted(to: last) == plain)
  }

  @Test func keepsItsOrderWhileTheBatchIsTheSame() {
    let interleaved = Self.counted([20, 2, 3]).converted(to: .interleaved)
    let flat = interleaved.reshaped([20, 6])
    #expect(flat.layout == .interleaved && flat.address == interleaved.address)
    #expect(flat.elements == (0..<120).map(Float.init))
    let other = interleaved.reshaped([40, 3])
    #expect(other.layout == .plain && other.elements == flat.elements)
  }

  @Test func writingBringsIntoPlainOrder() {
    let first = Self.counted([17, 3]).converted(to: .interleaved)
    var second = first
    second.withUnsafeMutableFloats { $0[50] = -1 }
    #expect(second.layout == .plain && second.elements[50] == -1 && second.elements[49] == 49)
    #expect(first.elements[50] == 50)
  }

  @Test func rowsShareMemoryUntilWritten() {
    let whole = Self.counted([5, 4])
    let rows = whole.rows(1..<4)
    #expect(rows.address == whole.address + 4)
    #expect(rows.reshaped([12]).rows(2..<5).elements == [6, 7, 8])
    #expect(rows.byteCount == 48)
    var written = rows
    written.withUnsafeMutableFloats { $0[0] = 99 }
    #expect(written.elements == [99] + (5..<16).map(Float.init))
    #expect(whole.elements == (0..<20).map(Float.init) && rows.elements[0] == 4)
    var alone = Self.counted([5, 4]).rows(2..<3)
    alone.withUnsafeMutableFloats { $0[3] = 7 }
    #expect(alone.elements == [8, 9, 10, 7])
  }
}
