"""Tests of Shapewise: tables and properties, the contract over all layers, parity with the frameworks."""
