/// One element or several. Where it is one, as a network's input mostly is, no array is made for it.
public struct OneOrMore<Element> {
  /// The first.
  public var head: Element
  /// The others.
  public var tail: [Element]

  @inlinable
  public init(_ head: Element, _ tail: [Element] = []) {
    self.head = head
    self.tail = tail
  }

  /// Nil where there is none.
  @inlinable
  public init?(_ elements: [Element]) {
    guard let head = elements.first else { return nil }
    self.init(head, Array(elements.dropFirst()))
  }

  /// What `transform` makes of each.
  @inlinable
  public func mapped<Result, E: Error>(
    _ transform: (Element) throws(E) -> Result
  ) throws(E) -> OneOrMore<Result> {
    let first = try transform(head)
    if tail.isEmpty { return OneOrMore<Result>(first) }
    return OneOrMore<Result>(first, try tail.map(transform))
  }
}

extension OneOrMore: Sendable where Element: Sendable {}

extension OneOrMore: Equatable where Element: Equatable {}

extension OneOrMore: RandomAccessCollection {
  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { tail.count + 1 }
  @inlinable public subscript(index: Int) -> Element { index == 0 ? head : tail[index - 1] }
}

/// The tensors that go into a network, or come out of it.
public typealias Tensors = OneOrMore<Tensor>

extension OneOrMore where Element == Tensor {
  /// Rows `range` of each.
  public func rows(_ range: Range<Int>) -> Tensors { mapped { $0.rows(range) } }
}
