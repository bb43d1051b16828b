import COneDNN
import Testing

@Suite struct LayoutTests {
  @Test func equalLayoutsAreOnePointer() throws {
    let first = try Layouts.plain([2, 3, 5, 7])
    #expect(try Layouts.plain([2, 3, 5, 7]) == first)
    #expect(try Layouts.plain([2, 3, 7, 5]) != first)
    #expect(try Layouts.channelsLast([2, 3, 5, 7]) != first)
    #expect(Layouts.dimensions(first) == [2, 3, 5, 7])
    #expect(fovea_dnn_layout_byte_count(first) == 2 * 3 * 5 * 7 * 4)
    #expect(fovea_dnn_layout_is_plain(first))
  }

  @Test func theStrideOfOneElementDoesNotMatter() throws {
    #expect(try Layouts.channelsLast([4, 1, 5, 7]) == Layouts.plain([4, 1, 5, 7]))
  }

  @Test func descriptionsNameTheKind() throws {
    #expect(String(cString: fovea_dnn_layout_description(try Layouts.plain([2, 3]))) == "2×3 plain")
    let channelsLast = try Layouts.channelsLast([2, 3, 5, 7])
    #expect(String(cString: fovea_dnn_layout_description(channelsLast)) == "2×3×5×7 channels last")
    #expect(!fovea_dnn_layout_is_plain(channelsLast))
  }

  @Test func onlyPlainLayoutsAreReshaped() throws {
    let plain = try Layouts.plain([2, 3, 5, 7])
    #expect(fovea_dnn_layout_reshape(plain, 2, [2, 105]) == (try Layouts.plain([2, 105])))
    #expect(fovea_dnn_layout_reshape(plain, 2, [2, 104]) == nil)
    #expect(String(cString: fovea_dnn_last_error()).contains("the number of elements differs"))
    #expect(fovea_dnn_layout_reshape(try Layouts.channelsLast([2, 3, 5, 7]), 2, [2, 105]) == nil)
    #expect(String(cString: fovea_dnn_last_error()).contains("only a plain layout can be reshaped"))
  }

  @Test(arguments: [[], [0], [3, -1], [Int64.max, 2], [1 << 31], Array(repeating: 2, count: 13)])
  func impossibleDimensionsAreAnError(dimensions: [Int64]) {
    #expect(fovea_dnn_layout_plain(Int32(dimensions.count), dimensions) == nil)
    #expect(String(cString: fovea_dnn_last_error()).hasPrefix("memory layout: a layout "))
  }

  /// However many shapes come, nothing of them is kept but the order that they share.
  @Test func layoutsThatNobodyHoldsAreGone() throws {
    var orders: Set<fovea_dnn_order> = []
    for size in 1...10_000 {
      let dimensions = [Int64(size) + 1, 3, 5, 7]
      let layout = try Layouts.channelsLast(dimensions)
      let order = try #require(fovea_dnn_layout_order(layout))
      orders.insert(order)
      let again = fovea_dnn_order_layout(order, 4, dimensions)
      #expect(again == layout)
      #expect(fovea_dnn_order_byte_count(order, 4, dimensions) == fovea_dnn_layout_byte_count(layout))
      fovea_dnn_layout_release(again)
      fovea_dnn_layout_release(layout)
    }
    #expect(orders.count == 1)
    // Other tests run meanwhile, and hold theirs.
    #expect(fovea_dnn_layout_count() < 2_000)
    #expect(fovea_dnn_order_count() < 100)
  }

  @Test func ordersAreThoseOfKernelsToo() throws {
    func destination(_ batch: Int) throws -> (order: fovea_dnn_order, layout: fovea_dnn_layout, kernel: Primitive) {
      var convolution = fovea_dnn_convolution(
        batch: Int64(batch), channels: 16, 32, input: (9, 9), kernel: (3, 3))
      let kernel = try Primitive {
        fovea_dnn_convolution_create(&convolution, FOVEA_DNN_INFERENCE, nil, nil, nil, $0)
      }
      let layout = try #require(kernel.layout(FOVEA_DNN_DST))
      return (try #require(fovea_dnn_layout_order(layout)), layout, kernel)
    }
    let (first, second) = (try destination(2), try destination(3))
    #expect(first.layout != second.layout && first.order == second.order)
    #expect(fovea_dnn_order_layout(first.order, 4, [3, 32, 7, 7]) == second.layout)
    #expect(fovea_dnn_order_layout(first.order, 3, [3, 32, 7]) == nil)
    #expect(String(cString: fovea_dnn_last_error()).contains("an order for other dimensions"))
    #expect(fovea_dnn_layout_order(try Layouts.plain([2, 3])) == nil)
  }

  @Test func channelsLastNeedsChannels() {
    #expect(fovea_dnn_layout_channels_last(2, [2, 3]) == nil)
  }

  @Test func threadsInternTheSameLayout() async throws {
    let pointers = await withTaskGroup(of: [Int].self) { group in
      for _ in 0..<8 {
        group.addTask {
          (1...200).map { Int(bitPattern: fovea_dnn_layout_plain(3, [Int64($0), 911, 3])) }
        }
      }
      return await group.reduce(into: Set<[Int]>()) { $0.insert($1) }
    }
    #expect(pointers.count == 1)
    #expect(pointers.first.map { Set($0).count } == 200)
  }
}
