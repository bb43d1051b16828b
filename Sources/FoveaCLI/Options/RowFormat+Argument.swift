public import ArgumentParser
public import Fovea

extension RowFormat: ExpressibleByArgument {}
