public import FoveaCore

// Where the outputs of layers come from; poolings and activations say it for all of their family.

extension Convolution: SpatialOperator {
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? {
    let geometry = try? WindowGeometry(
      Check(kind: Self.kind), input: inputShape, key: "kernel", window: configuration.kernel,
      stride: configuration.stride, dilation: configuration.dilation, padding: configuration.padding)
    return geometry?.reach
  }
}

extension SeparableConvolution: SpatialOperator {
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? { depthwise.reach }
}

extension TransposedConvolution: SpatialOperator {
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? {
    func axis(_ kernel: Int, _ stride: Int, _ dilation: Int, _ before: Int) -> AxisReach {
      AxisReach(
        step: 1 / Double(stride), first: Double(before - (kernel - 1) * dilation) / Double(stride),
        last: Double(before) / Double(stride))
    }
    let (kernel, stride, dilation) = (configuration.kernel, configuration.stride, configuration.dilation)
    return MapReach(
      rows: axis(kernel.height, stride.height, dilation.height, configuration.padding.top),
      columns: axis(kernel.width, stride.width, dilation.width, configuration.padding.left))
  }
}

extension TrainableSubsampling: SpatialOperator {
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? {
    let window = configuration.window
    let geometry = try? WindowGeometry(
      Check(kind: Self.kind), input: inputShape, key: "window", window: window, stride: configuration.stride ?? window,
      padding: .valid)
    return geometry?.reach
  }
}

extension Upsampling: SpatialOperator {
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? {
    func axis(_ factor: Int) -> AxisReach {
      let step = 1 / Double(factor)
      if configuration.interpolation == .nearest { return AxisReach(step: step, first: step - 1, last: 0) }
      return AxisReach(step: step, first: step / 2 - 1.5, last: step / 2 + 0.5)
    }
    return MapReach(rows: axis(configuration.factor.height), columns: axis(configuration.factor.width))
  }
}

extension LpPooling: SpatialOperator {
  public var nature: OperatorNature { .other }
  public var reach: MapReach? { passes.reach }
}

extension ZeroPadding: SpatialOperator {
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? {
    let padding = configuration.padding
    return MapReach(
      rows: .window(size: 1, step: 1, padding: padding.top), columns: .window(size: 1, step: 1, padding: padding.left))
  }
}

extension Broadcast: SpatialOperator {
  public var nature: OperatorNature { .linear }
  /// What one pixel is made to many sees all of a map.
  public var reach: MapReach? { inputShape.dimensions.dropFirst() == outputShape.dimensions.dropFirst() ? .same : nil }
}

extension Dense: SpatialOperator {
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? { nil }
}

extension Flatten: SpatialOperator {
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? { nil }
}

extension Add: SpatialOperator {
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? { .same }
}

extension Concatenate: SpatialOperator {
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? { .same }
}

extension Split: SpatialOperator {
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? { .same }
}

extension Multiply: SpatialOperator {
  public var nature: OperatorNature { .product }
  public var reach: MapReach? { .same }
}

extension Cast: SpatialOperator {
  public var nature: OperatorNature { .pointwise }
  public var reach: MapReach? { .same }
}

extension Dropout: SpatialOperator {
  public var nature: OperatorNature { .pointwise }
  public var reach: MapReach? { .same }
}

extension Prelu: SpatialOperator {
  public var nature: OperatorNature { .pointwise }
  public var reach: MapReach? { .same }
}

extension BatchNormalization: SpatialOperator {
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? { .same }
}

extension RunningNormalization: SpatialOperator {
  var nature: OperatorNature { .linear }
  var reach: MapReach? { .same }
}

extension ScaleShift: SpatialOperator {
  public var nature: OperatorNature { .linear }
  public var reach: MapReach? { .same }
}

extension LocalResponseNormalization: SpatialOperator {
  public var nature: OperatorNature { .other }
  public var reach: MapReach? { .same }
}

extension Softmax: SpatialOperator {
  public var nature: OperatorNature { .other }
  /// Over the channels of a map, at each pixel.
  public var reach: MapReach? { .same }
}
