/// How a network is shown an example once more in use, otherwise than it is: mirrored, or a part of it. The results of all views
/// are averaged.
public protocol View: ConfigurableKind, Configurable {
  /// - Throws: ``PredictionError/invalidConfiguration(kind:key:expected:got:)``
  func validate() throws(PredictionError)

  /// The views of a network's inputs, `[batch, channels, height, width]` in plain order: each of that shape, the same number
  /// of them whatever the input.
  ///
  /// - Throws: ``PredictionError/shape(kind:expected:got:)`` for inputs that cannot be seen so.
  func views(of input: Tensor) throws(PredictionError) -> [Tensor]
}

extension View {
  public static var noun: String { Sort.views.noun }
  public func validate() throws(PredictionError) {}
  public func checkSettings() throws { try validate() }

  /// A view has its input's shape and finite numbers, is the same each time, and shows each example by itself.
  public func checkContract(_ report: inout ContractReport) {
    for shape in [[2, 3, 8, 8], [2, 1, 9, 12]] as [Shape] {
      report.check("inputs of \(shape.withoutBatch)") {
        var random = SeededRandom(seed: 3)
        let input = Tensor((0..<shape.count).map { _ in Float(random.next() % 1000) / 1000 }, shape)
        let views: [Tensor]
        do throws(PredictionError) { views = try self.views(of: input) } catch { return "refused: \(error)" }
        guard try views == self.views(of: input) else { throw Breach("two calls with the same input differ") }
        let alone = try self.views(of: input.rows(1..<2))
        for (view, alone) in zip(views, alone) {
          guard view.shape == shape else { throw Breach("it makes \(view.shape) of \(shape)") }
          guard view.isFinite else { throw Breach("a number is not finite") }
          guard view.rows(1..<2) == alone else { throw Breach("an example looks otherwise among others") }
        }
        guard views.count == alone.count, !views.isEmpty else { throw Breach("there is no fixed number of views") }
        return views.count.counted("view")
      }
    }
  }
}

extension Sort where Member == any View.Type {
  public static var views: Sort { Sort("views", noun: "view", place: .pipeline("augment")) { $0 } }
}

extension Registry {
  public var views: KindRegistry<any View.Type> { self[.views] }

  public mutating func register<V: View>(_ type: V.Type, from origin: Origin = .program) throws(RegistryError) {
    try register(type, in: .views, from: origin)
  }

  public func makeView(_ description: KindDescription) throws(KindError) -> any View {
    try make(description, of: .views) { settings, type throws(KindError) in try settings.read(type) }
  }
}
